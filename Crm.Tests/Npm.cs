// Runs the Node scripts of Crm.Tests/npm: the tests' way to ask somebody else's library.

using System.Diagnostics;
using System.Text;
using System.Text.Json;

namespace Crm.Tests;

public static class Npm
{
    static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web);

    /// <summary>The folder with package.json, found by walking up from the test binary.</summary>
    public static string Folder { get; } = FindFolder();

    /// <summary>Whether <c>npm install</c> was run there since package.json last gained a package.</summary>
    public static bool IsInstalled
    {
        get
        {
            using var package = JsonDocument.Parse(File.ReadAllText(Path.Combine(Folder, "package.json")));
            return package
                .RootElement.GetProperty("dependencies")
                .EnumerateObject()
                .All(dependency => Directory.Exists(Path.Combine(Folder, "node_modules", dependency.Name)));
        }
    }

    /// <summary>Runs a script with <paramref name="input"/> as its standard input and returns its standard output; throws what it wrote to
    /// standard error when it fails.</summary>
    public static async Task<string> Run(string script, string input = "", params string[] arguments)
    {
        var start = new ProcessStartInfo("node", [script, .. arguments])
        {
            WorkingDirectory = Folder,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            StandardInputEncoding = new UTF8Encoding(false),
            StandardOutputEncoding = Encoding.UTF8,
        };
        using var node = Process.Start(start) ?? throw new InvalidOperationException("node did not start.");
        // All three streams at once: a full pipe on one of them would stop the script.
        var output = node.StandardOutput.ReadToEndAsync();
        var errors = node.StandardError.ReadToEndAsync();
        var problem = (IOException?)null;
        try
        {
            await node.StandardInput.WriteAsync(input);
            node.StandardInput.Close();
        }
        catch (IOException e)
        {
            problem = e; // The script ended early; its own words on standard error say more.
        }
        await node.WaitForExitAsync();
        if (node.ExitCode != 0 || problem is not null)
            throw new InvalidOperationException($"node {script} ended with {node.ExitCode}: {await errors}", problem);
        return await output;
    }

    /// <summary>Sends one JSON line per question and reads one JSON line per answer, in the same order.</summary>
    public static async Task<IReadOnlyList<TAnswer>> Ask<TQuestion, TAnswer>(string script, IEnumerable<TQuestion> questions)
    {
        var input = new StringBuilder();
        foreach (var question in questions)
            input.Append(JsonSerializer.Serialize(question, Json)).Append('\n');
        var output = await Run(script, input.ToString());
        return
        [
            .. output.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => JsonSerializer.Deserialize<TAnswer>(line, Json)!),
        ];
    }

    static string FindFolder()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            var candidate = Path.Combine(folder.FullName, "Crm.Tests", "npm");
            if (File.Exists(Path.Combine(candidate, "package.json")))
                return candidate;
        }
        throw new DirectoryNotFoundException("Crm.Tests/npm is in no folder above the test binary.");
    }
}
