// Backup, verify and restore as an operator runs them: encrypted and not, whole and damaged, and where paths are wrong.

using System.Diagnostics.Metrics;
using Crm.Api.Backups;
using Crm.Tests.Faults;
using Microsoft.Data.Sqlite;
using Xunit;

namespace Crm.Tests.Backups;

[Collection(nameof(CommandsCollection))]
public sealed class BackupCommandTests : IDisposable
{
    readonly string folder = Directory.CreateTempSubdirectory("crm-backups-").FullName;

    public void Dispose() => Directory.Delete(folder, recursive: true);

    string At(string name) => Path.Combine(folder, name);

    Task<(int ExitCode, string Output)> Crm(params string[] arguments) => CrmProcess.Run(At("crm.db"), arguments: arguments);

    async Task Fails(string because, params string[] arguments)
    {
        var before = Directory.GetFileSystemEntries(folder);
        var (exit, said) = await Crm(arguments);
        exit.Should().Be(1, said);
        said.Split('\n').Should().ContainSingle(said);
        said.Should().Contain(because).And.EndWith(".").And.NotContain("Exception");
        Directory.GetFileSystemEntries(folder).Should().BeEquivalentTo(before, "a refusal leaves nothing behind");
    }

    [Fact]
    public async Task what_was_backed_up_beside_the_server_is_verified_and_restored_encrypted_or_not()
    {
        await File.WriteAllTextAsync(At("secret"), "correct horse battery\nsecond line");
        await File.WriteAllTextAsync(At("wrong"), "another horse battery");
        await File.WriteAllTextAsync(At("short"), "short");
        await using (var crm = await CrmProcess.Start(At("crm.db")))
        {
            using var posted = await crm.Http.PostAsync(
                crm.SubmitUrl,
                new FormUrlEncodedContent([new("name", "Ana"), new("email", "canary@silva.example.org")])
            );
            (await crm.Get("/health/ready")).Text.Should().Be("ready\nlast backup: none");
            (await Crm("backup", "--to", At("plain.db")))
                .Should()
                .Match<(int Code, string Text)>(run => run.Code == 0 && run.Text.Contains("records"));
            var (exit, said) = await Crm("backup", "--to", At("sealed.crm"), "--passphrase-file", At("secret"));
            (exit, said.Contains("encrypted")).Should().Be((0, true), said);
            (await crm.Get("/health/ready")).Text.Should().MatchRegex("^ready\nlast backup: 20.*Z, 0.0 hours ago$");
            await Fails("exists: nothing is overwritten", "backup", "--to", At("plain.db"));
            await Fails("is a folder", "backup", "--to", folder);
            await Fails("There is no folder", "backup", "--to", At("nosuch/x.db"));
            await Fails("cannot be read", "backup", "--to", At("x"), "--passphrase-file", At("nosuch"));
            await Fails("too short for a passphrase", "backup", "--to", At("x"), "--passphrase-file", At("short"));
            await Fails("exists: stop the server", "restore", "--from", At("plain.db"));
            await crm.Stop();
        }
        Directory.GetFiles(folder).Select(Path.GetFileName).Should().NotContain(file => file!.EndsWith(".part") || file.EndsWith(".copy"));
        Contains(At("plain.db"), "canary@silva.example.org").Should().BeTrue();
        Contains(At("sealed.crm"), "canary@silva.example.org").Should().BeFalse();

        (await Crm("backup", "verify", At("plain.db"))).Output.Should().Contain("is whole");
        (await Crm("backup", "verify", At("sealed.crm"), "--passphrase-file", At("secret"))).Output.Should().Contain("is whole");
        await Fails("is encrypted: say the passphrase", "backup", "verify", At("sealed.crm"));
        await Fails("The passphrase is not the one", "backup", "verify", At("sealed.crm"), "--passphrase-file", At("wrong"));

        foreach (var backup in new[] { new[] { At("plain.db") }, [At("sealed.crm"), "--passphrase-file", At("secret")] })
        {
            var target = At("restored-" + Path.GetFileName(backup[0]));
            var setting = $"--ConnectionStrings:Crm=sqlite:{target}";
            var (exit, said) = await Crm(["restore", "--from", .. backup, "--erasures", At("crm.db.erasures"), setting]);
            exit.Should().Be(0, said);
            await using var restored = await CrmProcess.Start(target);
            (await restored.All("/v1/leads")).Should().ContainSingle().Which["emails"]!.ToJsonString().Should().Contain("canary@");
        }
    }

    [Fact]
    public async Task the_age_of_the_last_backup_is_a_metric()
    {
        await using var server = new CrmServer(null, $"--ConnectionStrings:Crm=sqlite:{At("crm.db")}");
        await server.InitializeAsync();
        var ages = new System.Collections.Concurrent.ConcurrentBag<double>();
        using var listener = new MeterListener
        {
            InstrumentPublished = (instrument, listening) =>
            {
                if (instrument.Name == "crm.backup.age")
                    listening.EnableMeasurementEvents(instrument);
            },
        };
        listener.SetMeasurementEventCallback<double>((_, age, _, _) => ages.Add(age));
        listener.Start();
        listener.RecordObservableInstruments();
        ages.Should().BeEmpty("there was none, and other servers of this process have none either");
        new LastBackup(TimeProvider.System.GetUtcNow().AddHours(-5), "somewhere", 1).Note(At("crm.db"));
        listener.RecordObservableInstruments();
        ages.Should().ContainSingle().Which.Should().BeApproximately(5 * 3600, 60);
        (await server.Default.Get("/health/ready")).Text.Should().EndWith(", 5.0 hours ago");
    }

    [Fact]
    public async Task a_backup_that_is_not_as_it_was_written_is_neither_verified_nor_restored()
    {
        await using (var crm = await CrmProcess.Start(At("crm.db")))
            await crm.Stop();
        (await Crm("backup", "--to", At("b.db"))).ExitCode.Should().Be(0);
        foreach (var file in new[] { "crm.db" })
            File.Delete(At(file));
        var whole = await File.ReadAllBytesAsync(At("b.db"));

        await File.WriteAllBytesAsync(At("b.db"), whole[..^4096]);
        await Both("cut short or was changed");
        whole[whole.Length / 2] ^= 0x40;
        await File.WriteAllBytesAsync(At("b.db"), whole);
        await Both("cut short or was changed");
        whole[whole.Length / 2] ^= 0x40;
        await File.WriteAllBytesAsync(At("b.db"), whole);
        var manifest = await File.ReadAllTextAsync(At("b.db.json"));
        await File.WriteAllTextAsync(At("b.db.json"), manifest.Replace("\"form\": 1", "\"form\": 2", StringComparison.Ordinal));
        await Both("does not hold what its manifest says");
        await File.WriteAllTextAsync(At("b.db.json"), "{");
        await Both("is no manifest");
        File.Delete(At("b.db.json"));
        await Fails("has no manifest beside it", "backup", "verify", At("b.db"));

        // A row that cannot be read, in a backup whose manifest is right for it.
        await using (var connection = new SqliteConnection($"Data Source={At("b.db")};Pooling=False"))
        {
            await connection.OpenAsync();
            await using var command = connection.CreateCommand();
            command.CommandText = "UPDATE d_form SET json = substr(json, 1, 30)";
            await command.ExecuteNonQueryAsync();
        }
        File.Move(At("b.db"), At("crm.db"));
        (await Crm("backup", "--to", At("c.db"))).ExitCode.Should().Be(0);
        await Fails("of forms is damaged", "backup", "verify", At("c.db"));

        async Task Both(string because)
        {
            await Fails(because, "backup", "verify", At("b.db"));
            await Fails(because, "restore", "--from", At("b.db"));
        }
    }

    static bool Contains(string file, string text) =>
        File.ReadAllBytes(file).AsSpan().IndexOf(System.Text.Encoding.UTF8.GetBytes(text)) >= 0;
}
