// crm spool: lists what a node kept and takes it over by hand; what cannot be taken over stays and says why.

using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using Crm.Api.Spooling;
using Crm.Domain.Forms;
using Crm.Domain.Resources;
using Crm.Domain.Stores;
using Crm.Storage.Sqlite;
using Crm.Tests.Faults;
using Xunit;

namespace Crm.Tests.Commands;

[Collection(nameof(CommandsCollection))]
public sealed class SpoolCommandTests : IDisposable
{
    readonly string folder = Directory.CreateTempSubdirectory("crm-spool-command-").FullName;

    string Database => Path.Combine(folder, "crm.db");
    string Folder => Path.Combine(folder, "spool");

    public void Dispose() => Directory.Delete(folder, recursive: true);

    Task<(int ExitCode, string Output)> Spool(string word, string? path = null) =>
        CrmProcess.Run(Database, arguments: ["spool", word, $"--Crm:Spool:Path={path ?? Folder}"]);

    [Fact]
    public async Task a_spool_is_listed_and_taken_over_and_what_is_of_no_form_stays_and_hinders_nobody()
    {
        string form;
        await using (var crm = await CrmProcess.Start(Database))
        {
            form = crm.SubmitUrl.Segments[^1];
            // Of whom nobody takes anything over any more.
            using var asked = await crm.Http.PostAsJsonAsync("/v1/erasures", new { match = new { email = "eva@silva.example.org" } });
            asked.StatusCode.Should().Be(System.Net.HttpStatusCode.Created);
            while ((await crm.Get("/v1/erasures")).Data![0]!["status"]!.ToString() != "done")
                await Task.Delay(50);
            await crm.Stop();
        }
        var before = TimeProvider.System.GetUtcNow().AddDays(-1);
        var (lost, kept) = (IdGenerator.At(TimeProvider.System.GetUtcNow()), IdGenerator.At(TimeProvider.System.GetUtcNow()));
        using (var file = SpoolFile.Open(Folder))
        {
            await file.Add(lost, null, Post("nosuchform", "nobody@silva.example.org"));
            await file.Add(kept, null, Post(form, "ana@silva.example.org"));
            await file.Add(IdGenerator.At(before), null, Post("nosuchform", "eva@silva.example.org"));
            await file.Add(
                IdGenerator.At(before),
                null,
                Post("nosuchform", "rui@costa.example.org", "Eva (eva@silva.example.org) sends me.")
            );
            var (inUse, why) = await Spool("list");
            inUse.Should().Be(1);
            why.Should().Contain("another process uses it").And.NotContain("   at ");
        }

        var (listed, rows) = await Spool("list");
        (listed, rows).Should().Be((0, rows));
        rows.Should().Contain($"{lost.Text<Submission>()}  ").And.Contain($"  {form}  waits").And.Contain("Posts in the spool: 4.");

        var (drained, said) = await Spool("drain");
        drained.Should().Be(1, "something stays");
        said.Should().Contain($"{lost.Text<Submission>()}: Its form does not exist any more.");
        said.Should().Contain("Removed, for the people were erased: 1.").And.Contain("Taken over: 1. Still in the spool: 2.");
        foreach (var left in Directory.GetFiles(Folder))
            Encoding.UTF8.GetString(await File.ReadAllBytesAsync(left)).Should().NotContain("eva@");
        using (var file = SpoolFile.Open(Folder))
            Encoding.UTF8.GetString(file.Next(10, withProblems: true)[^1].Json).Should().Contain("Eva ([erased]) sends me.");
        (await Spool("list"))
            .Output.Should()
            .Contain("nosuchform  Its form does not exist any more.")
            .And.Contain("Posts in the spool: 2.");
        var (inventory, _) = await Inventory.OfCopy(Database);
        inventory.Submissions.Should().ContainSingle().Which.Id.Should().Be(kept.Text<Submission>());
        inventory.Leads.Should().ContainSingle().Which.Emails.Should().Equal("ana@silva.example.org");

        var (missing, sentence) = await Spool("list", Path.Combine(folder, "nosuch"));
        (missing, sentence.Trim()).Should().Be((1, $"There is no folder '{Path.Combine(folder, "nosuch")}' (Crm__Spool__Path)."));
        (await CrmProcess.Run(Database, arguments: ["spool", "drain"])).Should().Be((1, "Crm__Spool__Path names the folder of the spool."));
        Directory.Exists(Path.Combine(folder, "nosuch")).Should().BeFalse();
    }

    static byte[] Post(string form, string email, string message = "Hello") =>
        JsonSerializer.SerializeToUtf8Bytes(
            new SpooledPost(
                form,
                1,
                new([new("email", [email]), new("message", [message])], [], null, default, "application/x-www-form-urlencoded"),
                new(null, null, null, null, null, null, null),
                Workspace: 1
            )
        );
}
