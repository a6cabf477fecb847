// A newcomer on the way through the documents, in a fresh folder: pastes blocks, fills in what they leave open from what was answered
// before, and notes how long each step took.

using System.Diagnostics;
using System.Text.RegularExpressions;
using Crm.Tests.Stores;
using Xunit.Abstractions;

namespace Crm.Tests.Newcomers;

public sealed partial class Journey : IAsyncDisposable
{
    public const string DocumentedAddress = "http://127.0.0.1:5080",
        DocumentedSite = "http://localhost:8080";

    /// <summary>Longer than this no step may say nothing, but compiling, which says so.</summary>
    static readonly TimeSpan MostSilence = TimeSpan.FromSeconds(10);

    readonly ITestOutputHelper output;
    readonly Dictionary<string, string> known = [];
    readonly List<Terminal> terminals = [];
    readonly Dictionary<string, string?> environment = [];
    readonly string port = PostgresCluster.FreePort().ToString(System.Globalization.CultureInfo.InvariantCulture);

    public Journey(ITestOutputHelper output)
    {
        this.output = output;
        Folder = Directory.CreateTempSubdirectory("crm-newcomer-").FullName;
        Directory.CreateDirectory(Path.Combine(Folder, "bin"));
        Directory.CreateSymbolicLink(Path.Combine(Folder, "docs"), Path.Combine(Repository.Root, "docs"));
        // Settings of whoever runs the tests are not a newcomer's.
        foreach (string name in Environment.GetEnvironmentVariables().Keys)
            if (name.StartsWith("ASPNETCORE_") || name.StartsWith("Crm__") || name.StartsWith("OTEL_") || name.StartsWith("ConnectionStr"))
                environment[name] = null;
        // ./test has a place of its own for what is thrown away; a newcomer has the usual one.
        environment["TMPDIR"] = null;
        environment["HOME"] = Folder;
        environment["PATH"] = Path.Combine(Folder, "bin") + Path.PathSeparator + Environment.GetEnvironmentVariable("PATH");
        environment["DOTNET_NOLOGO"] = "1";
        AddProgram("dotnet", IsLong ? DotnetThatBuilds : DotnetOfWhatIsBuilt);
    }

    public string Folder { get; }

    /// <summary>Port 5080 may be somebody's on the machine that runs the tests: where the documents say it the newcomer has another. In a
    /// network of its own it is free.</summary>
    public string Address => HasOwnNetwork ? DocumentedAddress : $"http://127.0.0.1:{port}";

    public bool HasOwnNetwork { get; init; }

    static bool IsLong => Environment.GetEnvironmentVariable("CRM_TEST_LONG") == "1";

    /// <summary>What <c>dotnet build</c> made of the product, beside the tests' own.</summary>
    public static string Built
    {
        get
        {
            var own = new DirectoryInfo(AppContext.BaseDirectory);
            return Path.Combine(Repository.Root, "Crm.Api", "bin", own.Parent!.Name, own.Name);
        }
    }

    static string RealDotnet =>
        (Environment.GetEnvironmentVariable("PATH") ?? "")
            .Split(Path.PathSeparator)
            .Select(folder => Path.Combine(folder, "dotnet"))
            .First(File.Exists);

    /// <summary>A build would take minutes of the tests' time, and it was built just now: <c>dotnet run</c> starts that, and
    /// <c>dotnet publish</c> copies it. <c>./test long</c> builds and publishes.</summary>
    static string DotnetOfWhatIsBuilt =>
        $"""
            #!/bin/bash
            if [ "$1 $2 $3 $4 $5" = "run --project Crm.Api -c Release" ]; then
              shift 5; [ "$1" != -- ] || shift
              exec {RealDotnet} {Built}/Crm.Api.dll "$@"
            elif [ "$1 $2 $3 $4 $5" = "publish Crm.Api -c Release -o" ]; then
              mkdir -p "$6" && exec cp -a {Built}/. "$6"
            fi
            exec {RealDotnet} "$@"
            """;

    static string DotnetThatBuilds =>
        $$"""
            #!/bin/bash
            export HOME={{Environment.GetEnvironmentVariable("HOME")}}
            given=("$@")
            for i in "${!given[@]}"; do [ "${given[i]}" != Crm.Api ] || given[i]={{Repository.Root}}/Crm.Api; done
            exec {{RealDotnet}} "${given[@]}"
            """;

    /// <summary>A program that the newcomer's machine has, before those of this machine.</summary>
    public void AddProgram(string name, string script)
    {
        var file = Path.Combine(Folder, "bin", name);
        File.WriteAllText(file, script);
        if (!OperatingSystem.IsWindows())
            File.SetUnixFileMode(file, (UnixFileMode)0b111_101_101);
    }

    /// <summary>What the documents write as <paramref name="name"/> from now on.</summary>
    public void Know(string name, string value) => known[name] = value;

    /// <param name="command">What starts the shell, where it is another one than that of this machine.</param>
    public Terminal Open(params IReadOnlyList<string> command)
    {
        var terminal = new Terminal(Folder, environment, command.Count == 0 ? ["bash"] : command);
        terminals.Add(terminal);
        return terminal;
    }

    /// <summary>Starts the server that a block starts, in a terminal of its own, until it printed what there is to open.</summary>
    public async Task<Terminal> Serve(Block block)
    {
        var began = Stopwatch.GetTimestamp();
        var here = new Dictionary<string, string?>(environment) { ["ASPNETCORE_URLS"] = Address };
        var terminal = new Terminal(Folder, here, "bash", "-c", Fill(block.Text));
        terminals.Add(terminal);
        await terminal.Until(() => terminal.Heard.Contains("\nGraphQL:", StringComparison.Ordinal), block.Text);
        Learn(terminal.Heard);
        Report(block.ToString(), Stopwatch.GetElapsedTime(began), null);
        return terminal;
    }

    /// <summary>Pastes a block, and returns what was answered.</summary>
    public Task<string> Paste(Terminal terminal, Block block)
    {
        block.Language.Should().Be("sh", block.ToString());
        return Paste(terminal, block.Text, block.ToString());
    }

    public async Task<string> Paste(Terminal terminal, string text, string what)
    {
        var (said, took, silence) = await terminal.Paste(Fill(text));
        Learn(said);
        Report(what, took, silence);
        // A machine that is ten times slower is no failure, so the ordinary run only says it.
        if (IsLong && !said.Contains("Compiling", StringComparison.Ordinal))
            silence.Should().BeLessThan(MostSilence, $"{what} says something all the while");
        return said;
    }

    void Report(string what, TimeSpan took, TimeSpan? silence) =>
        output.WriteLine(
            $"{took.TotalSeconds, 6:0.00} s{(silence is { } quiet ? $", silent for at most {quiet.TotalSeconds:0.00} s" : "")}: {what}"
        );

    /// <summary>Saves a block under the name that the text gives it.</summary>
    public string Save(Block block, string site = "site")
    {
        block.File.Should().NotBeNull(block.ToString());
        var folder = Directory.CreateDirectory(Path.Combine(Folder, site)).FullName;
        var file = Path.Combine(folder, block.File!);
        File.WriteAllText(file, Fill(block.Text));
        return file;
    }

    /// <summary>Ids, keys and addresses that an answer shows. The last of a kind is the one that the next block means.</summary>
    void Learn(string said)
    {
        foreach (Match id in Id().Matches(said))
            known[$"{id.Groups[1].Value}_..."] = id.Value;
        foreach (Match secret in Secret().Matches(said))
            known["crm_sk_..."] = secret.Value;
        foreach (Match click in Click().Matches(said))
            known["click_..."] = Uri.UnescapeDataString(click.Groups[1].Value);
        foreach (Match form in SubmitUrl().Matches(said))
            known["YOUR_FORM_KEY"] = form.Groups[1].Value;
        foreach (Match record in PublicKey().Matches(said))
            known[$"YOUR_{record.Groups[1].Value.ToUpperInvariant()}_KEY"] = record.Groups[2].Value;
        foreach (Match affiliate in PostbackKey().Matches(said))
            known["YOUR_POSTBACK_KEY"] = affiliate.Groups[1].Value;
    }

    /// <summary>A block with what it leaves open filled in. What was not shown before stays open, and the test sees it fail.</summary>
    public string Fill(string text)
    {
        foreach (var (name, value) in known.OrderByDescending(one => one.Key.Length))
            text = text.Replace(name, value, StringComparison.Ordinal);
        Open().Match(text).Success.Should().BeFalse($"nothing shown before says what this is: {Open().Match(text).Value} in\n{text}");
        return text.Replace(DocumentedAddress, Address, StringComparison.Ordinal);
    }

    [GeneratedRegex("\\b([a-z]+)_[0-9a-z]{26}\\b")]
    private static partial Regex Id();

    [GeneratedRegex("crm_sk_[A-Za-z0-9_-]{20,}")]
    private static partial Regex Secret();

    [GeneratedRegex("crm_click=([^&\\s]+)")]
    private static partial Regex Click();

    [GeneratedRegex("http://[^/\\s]+/f/([A-Za-z0-9_-]+)")]
    private static partial Regex SubmitUrl();

    [GeneratedRegex("\"id\":\"(form|site)_[^\"]+\"(?:(?!\"id\":).)*?\"key\":\"([^\"]+)\"", RegexOptions.Singleline)]
    private static partial Regex PublicKey();

    [GeneratedRegex("\"postbackKey\":\"([^\"]+)\"")]
    private static partial Regex PostbackKey();

    [GeneratedRegex("\\b[a-z_]+_\\.\\.\\.|YOUR_[A-Z_]+")]
    private static partial Regex Open();

    public async ValueTask DisposeAsync()
    {
        foreach (var terminal in terminals)
            await terminal.DisposeAsync();
        Directory.Delete(Folder, recursive: true);
    }
}
