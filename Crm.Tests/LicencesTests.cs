// The committed list of packages and their licences is what the restore says.

using System.Text;
using System.Text.Json;
using System.Xml.Linq;
using Xunit;

namespace Crm.Tests;

public sealed class LicencesTests
{
    const string Page = "docs/licences.md";

    /// <summary>What a package is for; the first that applies counts.</summary>
    enum Use
    {
        Shipped,
        Build,
        Tests,
    }

    sealed record Package(string Name, string Version, string Licence, Use Use);

    [Fact]
    public void the_committed_page_names_every_restored_package_with_its_licence()
    {
        var committed = Path.Combine(Repository.Root, Page);
        var restored = Written(Restored());
        if (Environment.GetEnvironmentVariable("CRM_APPROVE") == "1")
            File.WriteAllText(committed, restored);
        File.ReadAllText(committed)
            .ReplaceLineEndings("\n")
            .Should()
            .Be(
                restored,
                $"a package came, went or changed: run CRM_APPROVE=1 ./test --filter LicencesTests and look at the diff of {Page}"
            );
    }

    static List<Package> Restored()
    {
        var packages = new Dictionary<string, Package>(StringComparer.OrdinalIgnoreCase);
        // The product first: what it ships is shipped, whoever else uses it.
        foreach (var project in new[] { "Crm.Api", "Crm.Tests", "Crm.Bench" })
        {
            using var assets = JsonDocument.Parse(File.ReadAllBytes(Path.Combine(Repository.Root, project, "obj", "project.assets.json")));
            var root = assets.RootElement;
            var folders = root.GetProperty("packageFolders").EnumerateObject().Select(folder => folder.Name).ToList();
            var target = root.GetProperty("targets").EnumerateObject().First().Value;
            foreach (var library in root.GetProperty("libraries").EnumerateObject())
            {
                if (library.Value.GetProperty("type").GetString() != "package")
                    continue;
                var (name, version) = (library.Name.Split('/')[0], library.Name.Split('/')[1]);
                var use =
                    project != "Crm.Api" ? Use.Tests
                    : IsShipped(target.GetProperty(library.Name)) ? Use.Shipped
                    : Use.Build;
                packages.TryAdd(library.Name, new(name, version, LicenceOf(library.Value, folders), use));
            }
        }
        return [.. packages.Values.OrderBy(p => p.Use).ThenBy(p => p.Name, StringComparer.OrdinalIgnoreCase).ThenBy(p => p.Version)];
    }

    /// <summary>Whether files of it lie beside the published product.</summary>
    static bool IsShipped(JsonElement library) =>
        new[] { "runtime", "runtimeTargets", "native" }.Any(kind =>
            library.TryGetProperty(kind, out var files) && files.EnumerateObject().Any(file => !file.Name.EndsWith("/_._"))
        );

    /// <summary>As the package says it: an SPDX expression, the first line of its own licence file, or an address.</summary>
    static string LicenceOf(JsonElement library, IReadOnlyList<string> folders)
    {
        var path = library.GetProperty("path").GetString()!;
        var folder = folders.Select(root => Path.Combine(root, path)).First(Directory.Exists);
        var nuspec = library
            .GetProperty("files")
            .EnumerateArray()
            .Select(file => file.GetString()!)
            .Single(file => !file.Contains('/') && file.EndsWith(".nuspec"));
        var metadata = XDocument
            .Load(Path.Combine(folder, nuspec))
            .Root!.Elements()
            .Single(element => element.Name.LocalName == "metadata")
            .Elements()
            .ToLookup(element => element.Name.LocalName);
        return metadata["license"].SingleOrDefault() is not { } licence ? metadata["licenseUrl"].Single().Value
            : licence.Attribute("type")!.Value == "expression" ? licence.Value
            : File.ReadLines(Path.Combine(folder, licence.Value)).First(line => line.Trim().Length > 0).Trim();
    }

    static string Written(List<Package> packages)
    {
        var page = new StringBuilder(
            """
            # Packages and their licences

            Written by `Crm.Tests/LicencesTests.cs` from what was restored; it fails when this page is out of date. The licence is the one the package names: an SPDX expression,
            the first line of its licence file, or where it stands.

            - **shipped**: files of it are part of what `dotnet publish Crm.Api` makes
            - **build**: nothing of it is: analyzers, and packages that only bring others along
            - **tests**: only tests or measurements use it

            | package | version | licence | for |
            | --- | --- | --- | --- |

            """.ReplaceLineEndings("\n")
        );
        foreach (var package in packages)
            page.Append($"| {package.Name} | {package.Version} | {package.Licence} | {package.Use.ToString().ToLowerInvariant()} |\n");
        return page.ToString();
    }
}
