// The command line from outside: what it explains, what it refuses, and that a mistake makes neither a server nor a database.

using System.Diagnostics;
using Crm.Tests.Faults;
using Xunit;

namespace Crm.Tests.Commands;

[Collection(nameof(CommandsCollection))]
public sealed class CommandLineTests : IDisposable
{
    readonly string folder = Directory.CreateTempSubdirectory("crm-commands-").FullName;

    string Database => Path.Combine(folder, "crm.db");

    public void Dispose() => Directory.Delete(folder, recursive: true);

    Task<(int ExitCode, string Output)> Crm(params string[] arguments) => CrmProcess.Run(Database, arguments: arguments);

    [Fact]
    public async Task help_names_every_command_and_the_exit_codes()
    {
        var (exit, help) = await Crm("--help");
        exit.Should().Be(0);
        help.Should().Contain("crm [command]").And.Contain("Exit codes:");
        foreach (var command in new[] { "serve", "health", "backup", "restore", "copy", "export", "recount", "demo", "schema-changes" })
            help.Should().Contain($"  {command} ");
        (await Crm("backup", "--help")).Output.Should().Contain("--to <FILE> (REQUIRED)").And.Contain("verify");
        Directory.EnumerateFileSystemEntries(folder).Should().BeEmpty();
    }

    [Fact]
    public async Task the_version_is_the_build_s()
    {
        var (exit, version) = await Crm("--version");
        exit.Should().Be(0);
        version.Should().MatchRegex(@"^\d+\.\d+\.\d+(\+[0-9a-f]+)?$");
        version.Should().StartWith(typeof(Api.Program).Assembly.GetName().Version!.ToString(3));
    }

    /// <summary>Each with words that its answer must have.</summary>
    [Theory]
    [InlineData("backupp", "'backupp' is no command. Did you mean backup?")]
    [InlineData("Serve", "'Serve' is no command. Did you mean serve?")]
    [InlineData("--hepl", "Did you mean --help?")]
    [InlineData("--url=http://127.0.0.1:0", "Did you mean --urls?")]
    [InlineData("--Crm__AdminKey=x", "--Crm:AdminKey")]
    [InlineData("--Crm:AdminKey", "needs a value")]
    [InlineData("--urls=http://127.0.0.1:0 backup", "'backup' is not understood")]
    [InlineData("backup", "'--to' is required")]
    [InlineData("backup --to a.db b.db", "'b.db' is not understood")]
    [InlineData("recount --all", "'--all' is not understood")]
    [InlineData("demo --leads many", "'many'")]
    [InlineData("demo --remove --into-default", "leave --into-default out")]
    [InlineData("keys", "Required command")]
    [InlineData("keys new", "Say what the key is for")]
    [InlineData("keys new --for everything", "'everything'")]
    [InlineData("keys new-adnim", "Did you mean new-admin?")]
    [InlineData("copy --from sqlite:a.db", "'--to' is required")]
    public async Task what_is_not_understood_is_refused_and_makes_nothing(string arguments, string because)
    {
        var (exit, said) = await Crm(arguments.Split(' '));
        exit.Should().Be(2, said);
        said.Should().Contain(because).And.Contain("--help says what there is.").And.NotContain("Exception");
        Directory.EnumerateFileSystemEntries(folder).Should().BeEmpty();
    }

    public static TheoryData<string, string> WrongPaths =>
        new()
        {
            { "backup --to nosuch/copy.db", "There is no folder" },
            { "backup verify nosuch.db", "There is no backup" },
            { "restore --from nosuch.db", "There is no backup" },
            { "recount", "There is no database" },
            { "keys new-admin", "There is no database" },
            { "demo --remove", "There is no database" },
            { "export --from sqlite:nosuch.db", "There is no database" },
            { "copy --from sqlite:nosuch.db --to sqlite:other.db", "There is no database" },
            { "copy --from mysql://x --to sqlite:other.db", "sqlite:PATH" },
            { "schema-changes nosuch.graphql", "There is no file" },
            { "erasures replay --erasures nosuch", "There is no journal of erasures" },
            { "erasures replay --ConnectionStrings:Crm=postgres://crm:s3cret@127.0.0.1:1/crm", "Say where the journal of erasures is" },
            {
                "backup --to other.db --ConnectionStrings:Crm=postgres://crm:s3cret@127.0.0.1:1/crm",
                "pg_dump --no-owner --format=custom --file '"
            },
            {
                "restore --from nosuch.db --ConnectionStrings:Crm=mongodb://crm:s3cret@127.0.0.1:1/crm",
                "--drop, and then, before a node is started: crm erasures replay"
            },
        };

    [Theory]
    [MemberData(nameof(WrongPaths))]
    public async Task a_wrong_path_is_one_sentence_and_makes_nothing(string arguments, string because)
    {
        var paths = arguments.Replace("nosuch", Path.Combine(folder, "nosuch"), StringComparison.Ordinal);
        var (exit, said) = await Crm(paths.Replace("other.db", Path.Combine(folder, "other.db"), StringComparison.Ordinal).Split(' '));
        exit.Should().Be(1, said);
        said.Split('\n').Should().ContainSingle(said);
        said.Should().Contain(because).And.EndWith(".").And.NotContain("Exception").And.NotContain("s3cret");
        Directory.EnumerateFileSystemEntries(folder).Should().BeEmpty();
    }

    [Fact]
    public async Task the_launcher_is_the_program_also_through_a_link()
    {
        var built = new DirectoryInfo(AppContext.BaseDirectory);
        var launcher = Path.Combine(
            Repository.Root,
            "Crm.Api",
            "bin",
            built.Parent!.Name,
            built.Name,
            OperatingSystem.IsWindows() ? "crm.exe" : "crm"
        );
        var link = Path.Combine(folder, "crm");
        File.CreateSymbolicLink(link, launcher);
        using var process = Process.Start(new ProcessStartInfo(link, ["--version"]) { RedirectStandardOutput = true })!;
        (await process.StandardOutput.ReadToEndAsync()).Should().Contain(".");
        await process.WaitForExitAsync();
        process.ExitCode.Should().Be(0);
    }

    [Fact]
    public async Task the_demo_has_a_workspace_of_its_own_and_leaves_real_leads_alone()
    {
        await using (var crm = await CrmProcess.Start(Database))
        {
            using var posted = await crm.Http.PostAsync(
                crm.SubmitUrl,
                new FormUrlEncodedContent([new("name", "Ana Silva"), new("email", "ana@silva.example.org")])
            );
            await crm.Stop();
        }
        var (exit, said) = await Crm("demo", "--leads", "20");
        exit.Should().Be(0, said);
        said.Should().Contain("in the workspace 'demo'");
        var key = said.Split("shown this once: ")[1].Trim();
        var (more, again5) = await Crm("demo", "--leads", "5");
        (more, again5.Contains("shown this once")).Should().Be((0, false), "it goes into the same workspace: " + again5);
        var (refused, why) = await Crm("demo", "--into-default", "--leads", "5");
        (refused, why.Contains("The first workspace has leads")).Should().Be((1, true), why);
        await using (var again = await CrmProcess.Start(Database))
        {
            (await again.All("/v1/leads")).Should().ContainSingle();
            again.Http.DefaultRequestHeaders.Authorization = new("Bearer", key);
            (await again.All("/v1/leads")).Should().HaveCount(25);
            await again.Stop();
        }
        (await Crm("demo", "--remove")).Output.Should().MatchRegex("The workspace 'demo' is gone, with \\d+ records.");
        (await Crm("demo", "--remove")).Output.Should().Be("There is no demo to remove.");
        await using var without = await CrmProcess.Start(Database);
        (await without.All("/v1/leads")).Should().ContainSingle();
        without.Http.DefaultRequestHeaders.Authorization = new("Bearer", key);
        (await without.Get("/v1/leads")).Status.Should().Be(401);
    }
}
