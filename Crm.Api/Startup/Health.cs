// Two questions of whoever runs the process: is it alive, and can it store.

using Crm.Domain.Work;

namespace Crm.Api.Startup;

public static class Health
{
    public static void Map(WebApplication app)
    {
        app.MapGet("/health/live", () => Results.Text("alive"));
        app.MapGet(
            "/health/ready",
            async (Installation installation, IHostApplicationLifetime lifetime, UntrustedProxy untrusted, CancellationToken cancel) =>
                !lifetime.ApplicationStopping.IsCancellationRequested && await installation.Store.IsReady(cancel)
                    // A second line is for people: what asks reads the status.
                    ? Results.Text(untrusted.Sentence is { } sentence ? $"ready\n{sentence}" : "ready")
                    : Results.Text("not ready: the store cannot take a commit", statusCode: StatusCodes.Status503ServiceUnavailable)
        );
    }

    /// <summary>The <c>health</c> command: asks the server of this machine whether it is ready; 0 when it is. For containers without
    /// curl.</summary>
    public static async Task<int> Ask()
    {
        var url = (
            Environment.GetEnvironmentVariable(HealthDoor.Variable)
            ?? new ConfigurationBuilder().AddEnvironmentVariables("ASPNETCORE_").Build()["urls"]
            ?? Server.DefaultUrl
        ).Split(';')[0];
        using var http = new HttpClient { Timeout = TimeSpan.FromSeconds(4) };
        try
        {
            using var answer = await http.GetAsync(
                url.Replace("://+", "://127.0.0.1")
                    .Replace("://*", "://127.0.0.1")
                    .Replace("://0.0.0.0", "://127.0.0.1")
                    .Replace("://[::]", "://127.0.0.1") + "/health/ready"
            );
            return answer.IsSuccessStatusCode ? 0 : 1;
        }
        catch (Exception error) when (error is HttpRequestException or OperationCanceledException)
        {
            return 1;
        }
    }
}
