// Keys by the command line: a lost admin key has a way back, and the key of the configuration is one.

using Crm.Tests.Faults;
using Xunit;

namespace Crm.Tests.Commands;

[Collection(nameof(CommandsCollection))]
public sealed class KeysTests : IDisposable
{
    readonly string folder = Directory.CreateTempSubdirectory("crm-keys-").FullName;

    public void Dispose() => Directory.Delete(folder, recursive: true);

    Task<(int ExitCode, string Output)> Crm(params string[] arguments) => CrmProcess.RunIn(folder, arguments);

    static string KeyIn(string said) => "crm_sk_" + said.Split("crm_sk_")[1].Split(['\r', '\n', ' '])[0];

    static async Task<int> Leads(CrmProcess crm, string key, string path = "/v1/leads")
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, path) { Headers = { Authorization = new("Bearer", key) } };
        using var answer = await crm.Http.SendAsync(request);
        return (int)answer.StatusCode;
    }

    [Fact]
    public async Task a_lost_admin_key_is_replaced_and_the_key_of_the_configuration_follows_it()
    {
        const string first = "crm_sk_first_key_of_the_configuration_1",
            second = "crm_sk_second_key_of_the_configuration_2";
        await using (var crm = await CrmProcess.StartIn(folder, ("Crm__AdminKey", first)))
        {
            (await Leads(crm, first)).Should().Be(200);
            var (busy, why) = await Crm("keys", "new-admin");
            (busy, why.Contains("Exception")).Should().Be((1, false), why);
            await crm.Stop();
        }
        var (exit, said) = await Crm("keys", "new-admin");
        exit.Should().Be(0, said);
        var back = KeyIn(said);
        var desk = KeyIn((await Crm("keys", "new", "--for", "desk", "--name", "Front office")).Output);
        var reports = KeyIn((await Crm("keys", "new", "--for", "reports", "--days", "30")).Output);
        (await Crm("keys", "new", "--scopes", "leads:read,nothing:read"))
            .Should()
            .Match<(int Code, string Text)>(run => run.Code == 1 && run.Text.Contains("--scopes.1: Must be"));
        (await Crm("keys", "list")).Output.Split('\n').Should().HaveCount(4).And.Contain(line => line.Contains("Front office"));

        // The setting changed: the new key is in the place of the one before, and no other key is touched.
        await using (var crm = await CrmProcess.StartIn(folder, ("Crm__AdminKey", second)))
        {
            (await Leads(crm, second)).Should().Be(200);
            (await Leads(crm, first)).Should().Be(401);
            foreach (var key in new[] { back, desk, reports })
                (await Leads(crm, key)).Should().Be(200);
            (await Leads(crm, reports, "/v1/reports/forms")).Should().Be(200);
            (await Leads(crm, reports, "/v1/api-keys")).Should().Be(403);
            using var made = await crm.Http.SendAsync(
                new(HttpMethod.Post, "/v1/workspaces")
                {
                    Headers = { Authorization = new("Bearer", back) },
                    Content = System.Net.Http.Json.JsonContent.Create(new { name = "Another" }),
                }
            );
            ((int)made.StatusCode).Should().Be(201, "an admin key makes workspaces");
            await crm.Stop();
        }
        (await Crm("keys", "revoke", back[..15])).Output.Should().Contain("is revoked");
        (await Crm("keys", "revoke", "key_nobody")).ExitCode.Should().Be(1);
        var other = KeyIn((await Crm("keys", "new", "--for", "desk", "--workspace", "another")).Output);
        (await Crm("keys", "list", "--workspace", "nosuch")).Output.Should().Contain("There are: 'default', 'Another'.");
        await using (var crm = await CrmProcess.StartIn(folder, ("Crm__AdminKey", first)))
        {
            (await Leads(crm, back)).Should().Be(401);
            (await Leads(crm, first)).Should().Be(200, "the setting went back, and so does the key");
            (await Leads(crm, second)).Should().Be(401);
            (await Leads(crm, other)).Should().Be(200);
        }
    }
}
