// A proxy that nobody named: whoever reads the log hears of it once, however many visitors come through it.

using Xunit;

namespace Crm.Tests.Faults;

[Collection(nameof(CommandsCollection))]
public sealed class UntrustedProxyTests
{
    [Fact]
    public async Task a_proxy_that_is_not_trusted_is_reported_in_one_line_of_the_log()
    {
        var folder = Directory.CreateTempSubdirectory("crm-proxy-").FullName;
        try
        {
            await using var crm = await CrmProcess.Start(Path.Combine(folder, "crm.db"));
            for (var visitor = 1; visitor <= 20; visitor++)
            {
                using var forwarded = new HttpRequestMessage(HttpMethod.Get, "/health/live");
                forwarded.Headers.TryAddWithoutValidation("X-Forwarded-For", $"203.0.113.{visitor}");
                (await crm.Http.SendAsync(forwarded)).Dispose();
            }
            SpinWait.SpinUntil(() => Lines() > 0, TimeSpan.FromSeconds(30)).Should().BeTrue(crm.Output);

            await crm.Stop(); // The log is written to its end.
            Lines().Should().Be(1, crm.Output);

            int Lines() => crm.Output.Split('\n').Count(line => line.Contains("X-Forwarded-For comes from 127.0.0.1"));
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }
}
