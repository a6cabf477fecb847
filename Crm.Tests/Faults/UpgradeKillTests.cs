// kill -9 in the middle of an upgrade: the next start goes on where it stopped, and each proposed change is there once.

using System.Text;
using System.Text.Json.Nodes;
using Crm.Api.Startup;
using Crm.Domain;
using Crm.Domain.Leads;
using Crm.Domain.Resources;
using Crm.Domain.Stores;
using Crm.Domain.Work;
using Crm.Storage.Sqlite;
using Microsoft.Data.Sqlite;
using Xunit;
using Xunit.Abstractions;

namespace Crm.Tests.Faults;

[Collection(nameof(FaultsCollection))]
public sealed class UpgradeKillTests(ITestOutputHelper output)
{
    const int OfEach = 3;
    static int Leads => Environment.GetEnvironmentVariable("CRM_TEST_LONG") == "1" ? 10_000 : 200;

    [Fact]
    public async Task proposals_of_an_older_version_are_moved_whole_though_the_start_is_killed_again_and_again()
    {
        var folder = OnDisk.NewFolder("crm-upgrade-");
        var database = Path.Combine(folder.FullName, "crm.db");
        try
        {
            var expected = await WriteOlder(database);
            var (seen, kills) = (0L, new List<long>());
            for (var life = 0; life < 3; life++)
            {
                await using var crm = CrmProcess.Launch(database, CrmProcess.AnyPort, []);
                // A part of what is left, and never all of it.
                var far = seen + (expected.Count - seen) / 8;
                while (await Moved(database) < far)
                {
                    crm.HasExited.Should().BeFalse(crm.Output);
                    await Task.Delay(2);
                }
                await crm.Kill();
                seen = await Moved(database);
                kills.Add(seen);
            }
            output.WriteLine($"killed when {string.Join(", ", kills)} of {expected.Count} had been moved");
            kills.Should().Contain(at => at > 0 && at < expected.Count, "it was killed in the middle");

            await using var last = await CrmProcess.Start(database);
            (await last.All("/v1/proposed-changes"))
                .Select(one => $"{one["lead"]} {one["field"]} {one["value"]}")
                .Order(StringComparer.Ordinal)
                .Should()
                .Equal(expected.Order(StringComparer.Ordinal));
            var leads = await last.All("/v1/leads");
            leads.Should().HaveCount(Leads);
            leads.Should().OnlyContain(lead => lead["proposedChangeCount"]!.GetValue<int>() == OfEach && lead["proposedChanges"] == null);
            await last.Stop();
            var again = await CrmProcess.Run(database, arguments: ["recount"]);
            again.ExitCode.Should().Be(0, again.Output);
            (await Moved(database)).Should().Be(expected.Count, "what is moved is not moved again");
        }
        finally
        {
            folder.Delete(true);
        }
    }

    static async Task<long> Moved(string database)
    {
        await using var connection = new SqliteConnection($"Data Source={database};Mode=ReadOnly;Pooling=False");
        await connection.OpenAsync();
        await using var command = connection.CreateCommand();
        command.CommandText = "SELECT count(*) FROM d_proposed_change";
        return (long)(await command.ExecuteScalarAsync())!;
    }

    /// <summary>A store whose leads hold their proposals, as the version before records wrote it.</summary>
    static async Task<List<string>> WriteOlder(string database)
    {
        var (type, expected) = (ResourceType.Of<Lead>(), new List<string>());
        await using var store = new SqliteStore(new() { Path = database }, TimeProvider.System);
        var installation = await Installation.Open(store, CrmCatalog.Standard, TimeProvider.System, default);
        await FirstStart.Ensure(installation, CrmServer.AdminKey);
        var settings = await installation.Settings.Workspace(FirstStart.Default, default);
        foreach (var some in Enumerable.Range(0, Leads).Chunk(200))
        {
            var work = new UnitOfWork(installation, settings, "system");
            var made = some.Select(i =>
                    work.Insert(new Lead { Emails = [new() { Address = $"p{i}@silva.example.org", Primary = true }] }, null)
                )
                .ToList();
            (await work.Commit(default)).Committed.Should().BeTrue();
            var older = made.Select(lead =>
            {
                var json = JsonNode.Parse(type.ToJson(lead))!.AsObject();
                foreach (var name in new[] { "proposedChangeCount", "proposedChangeBytes", "proposedChangesNotKept" })
                    json.Remove(name);
                json["proposedChanges"] = new JsonArray([
                    .. Enumerable
                        .Range(0, OfEach)
                        .Select(n =>
                        {
                            expected.Add($"{lead.Id.Text<Lead>()} company Company {n}");
                            return new JsonObject
                            {
                                ["id"] = $"chg_{n}",
                                ["field"] = "company",
                                ["value"] = $"Company {n}",
                                ["by"] = "system",
                                ["at"] = "2026-01-02T03:04:05.678Z",
                            };
                        }),
                ]);
                var document = type.Rekey(lead.Id, lead.Version, Encoding.UTF8.GetBytes(json.ToJsonString()));
                return (Change)new Change.Replace(document with { Version = lead.Version + 1 }, lead.Version);
            });
            (await settings.Store.Commit([.. older], default)).Committed.Should().BeTrue();
        }
        return expected;
    }
}
