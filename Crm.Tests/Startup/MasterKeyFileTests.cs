// The master key beside the embedded database: made and named once, in no backup, asked for where it is missing.

using System.Text.RegularExpressions;
using Crm.Api.Startup;
using Crm.Domain;
using Crm.Domain.Resources;
using Crm.Domain.Stores;
using Crm.Domain.Work;
using Crm.Storage.Sqlite;
using Crm.Tests.Faults;
using Microsoft.Extensions.Configuration;
using Xunit;

namespace Crm.Tests.Startup;

[Collection(nameof(CommandsCollection))]
public sealed class MasterKeyFileTests : IDisposable
{
    readonly string folder = Directory.CreateTempSubdirectory("crm-master-").FullName;

    public void Dispose() => Directory.Delete(folder, recursive: true);

    string At(params string[] names) => Path.Combine([folder, .. names]);

    [Fact]
    public async Task the_first_start_makes_and_names_it_backups_are_without_it_and_what_lacks_it_says_so()
    {
        await using (var crm = await CrmProcess.Start(At("crm.db")))
        {
            crm.Output.Should().Contain($"Master key:    {At("master.key")}");
            if (!OperatingSystem.IsWindows())
                File.GetUnixFileMode(At("master.key")).Should().Be(UnixFileMode.UserRead | UnixFileMode.UserWrite);
            var (taken, named) = await CrmProcess.Run(At("crm.db"), arguments: ["backup", "--to", At("b.db")]);
            (taken, named.Contains(At("master.key"))).Should().Be((0, true), named);
            await crm.Stop();
        }
        var key = (await File.ReadAllTextAsync(At("master.key"))).Trim();
        Convert.FromBase64String(key).Should().HaveCount(32);
        File.ReadAllText(At("b.db"), System.Text.Encoding.Latin1).Should().NotContain(key);

        Directory.CreateDirectory(At("else"));
        string[] restore =
        [
            "restore",
            "--from",
            At("b.db"),
            "--without-erasures",
            $"--ConnectionStrings:Crm=sqlite:{At("else", "crm.db")}",
        ];
        var (exit, said) = await CrmProcess.Run(At("crm.db"), arguments: restore);
        exit.Should().Be(0, said);
        said.Should().MatchRegex($"sealed by the master key [0-9a-f]{{8}}, which is not here.*{Regex.Escape(At("else", "master.key"))}");
        File.Exists(At("else", "master.key")).Should().BeFalse();
        (exit, said) = await CrmProcess.Run(At("else", "crm.db"));
        (exit, said.Split('\n').Length).Should().Be((1, 1), said);
        said.Should().Contain("bring it back to").And.Contain(At("else", "master.key")).And.NotContain("Exception");
        File.Exists(At("else", "master.key")).Should().BeFalse("another one would open nothing");
        (exit, said) = await CrmProcess.Run(At("else", "crm.db"), arguments: ["--Crm:MasterKey=short"]);
        (exit, said.Contains("openssl rand -base64 32")).Should().Be((1, true), said);

        // From the file into the setting: what the file sealed opens as long as it stands behind.
        await using var again = await CrmProcess.StartWith(
            At("else", "crm.db"),
            $"--Crm:MasterKey={Convert.ToBase64String(new byte[32])},{key}"
        );
        again.Output.Should().NotContain("Master key:");
        (await again.Get("/.well-known/jwks.json")).Text.Should().Contain("Ed25519");
    }

    [Fact]
    public async Task a_key_that_an_older_version_stored_as_it_is_is_sealed_at_the_start_and_its_bytes_go()
    {
        var type = ResourceType.Of<InstallationSecret>();
        var seed = Convert.ToBase64String(Enumerable.Range(60, 32).Select(one => (byte)one).ToArray());
        var old = new InstallationSecret
        {
            Id = new IdGenerator(TimeProvider.System).Next(),
            Version = 1,
            UpdatedAt = DateTimeOffset.UnixEpoch,
            Purpose = "signing",
            Value = seed,
        };
        await using (var store = new SqliteStore(new() { Path = At("crm.db") }, TimeProvider.System))
        {
            // A command without a place for a key makes none.
            (await Installation.Open(store, CrmCatalog.Standard, TimeProvider.System, default)).Signer.Should().BeNull();
            await store.Open(WorkspaceKey.Installation).Commit([new Change.Insert(type.ToDocument(old))], default);
        }
        await using (var store = new SqliteStore(new() { Path = At("crm.db") }, TimeProvider.System))
        {
            // It leaves what is stored, and uses it.
            var without = await Installation.Open(store, CrmCatalog.Standard, TimeProvider.System, default);
            without.Signer!.Public.Id.Should().Be(new SigningKey(Convert.FromBase64String(seed)).Public.Id);
        }
        await using (var crm = await CrmProcess.Start(At("crm.db")))
        {
            (await crm.Get("/.well-known/jwks.json")).Text.Should().Contain(new SigningKey(Convert.FromBase64String(seed)).Public.Id);
            await crm.Stop();
        }
        foreach (var file in Directory.EnumerateFiles(folder))
            (await File.ReadAllTextAsync(file, System.Text.Encoding.Latin1)).Should().NotContain(seed, file);
    }

    [Theory]
    [InlineData("x")]
    [InlineData("AAAA")]
    [InlineData("AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=,x")]
    public void a_setting_that_is_no_key_is_refused_without_being_repeated(string said)
    {
        var configuration = new ConfigurationBuilder().AddInMemoryCollection([new("Crm:MasterKey", said)]).Build();
        MasterKeyFile
            .Beside(At("crm.db"))
            .Invoking(file => file.Keys(configuration, mustOpen: true))
            .Should()
            .Throw<StoreConfigurationException>()
            .Which.Message.Should()
            .NotContain(said);
    }

    [Fact]
    public void base64_of_addresses_and_a_list_of_keys_are_read()
    {
        var (one, two) = (Enumerable.Repeat((byte)0xFB, 32).ToArray(), new byte[32]);
        var said = $"{Convert.ToBase64String(one).TrimEnd('=').Replace('+', '-').Replace('/', '_')}, {Convert.ToBase64String(two)}";
        var configuration = new ConfigurationBuilder().AddInMemoryCollection([new("Crm:MasterKey", said)]).Build();
        var keys = MasterKeyFile.Beside(At("crm.db")).Keys(configuration, mustOpen: true);
        (keys.Knows(new MasterKey(one).Id), keys.Knows(new MasterKey(two).Id)).Should().Be((true, true));
    }
}
