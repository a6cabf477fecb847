// The house keeps its floors: which file may lead to which, asked of what was compiled.

using Xunit;

namespace Crm.Tests.Structure;

public sealed class FloorsTests
{
    /// <summary>What every feature stands on; it names none of them.</summary>
    static readonly string[] GroundFloor = ["Problems", "Resources", "Stores", "Text", "Values", "Work"];

    static readonly Lazy<FileGraph> Domain = new(() => FileGraph.Of(typeof(Crm.Domain.CrmCatalog).Assembly.Location));

    static string FolderOf(string file) => file.Contains('/') ? file[..file.IndexOf('/')] : "";

    [Fact]
    public void no_more_than_five_files_of_the_domain_lead_back_to_themselves()
    {
        Domain.Value.Uses.Should().HaveCountGreaterThan(150, "all of the domain was read");
        foreach (var circle in Domain.Value.Circles())
            circle.Should().HaveCountLessThanOrEqualTo(5, Edges(Domain.Value, circle));
    }

    [Fact]
    public void the_ground_floor_names_no_feature() =>
        Domain
            .Value.Uses.Where(file => GroundFloor.Contains(FolderOf(file.Key)))
            .SelectMany(file => file.Value.Where(used => !GroundFloor.Contains(FolderOf(used))).Select(used => $"{file.Key} -> {used}"))
            .Should()
            .BeEmpty();

    [Fact]
    public void nothing_leads_up_to_the_catalog_on_the_top_floor_but_what_stands_beside_it() =>
        Domain.Value.Uses.Where(file => file.Value.Contains("Catalog.cs")).Select(file => file.Key).Should().BeEmpty();

    [Fact]
    public void no_folders_of_the_api_lead_in_a_circle()
    {
        var files = FileGraph.Of(typeof(Crm.Api.Program).Assembly.Location);
        var folders = files.Folders();
        folders.Uses.Should().HaveCountGreaterThan(10, "all of the API was read");
        folders.Circles().Select(circle => Crossing(files, circle)).Should().BeEmpty();
    }

    /// <summary>Api to Storage, GraphQL and Domain; Storage to Domain; nothing else.</summary>
    [Theory]
    [InlineData(typeof(Crm.Domain.CrmCatalog))]
    [InlineData(typeof(Crm.Storage.Sqlite.SqliteStore), "Crm.Domain")]
    [InlineData(typeof(Crm.GraphQL.Documents))]
    [InlineData(typeof(Crm.Api.Program), "Crm.Domain", "Crm.GraphQL", "Crm.Storage")]
    public void projects_lead_one_way(Type of, params string[] to) =>
        of
            .Assembly.GetReferencedAssemblies()
            .Select(assembly => assembly.Name!)
            .Where(name => name.StartsWith("Crm.", StringComparison.Ordinal))
            .Should()
            .BeEquivalentTo(to);

    static string Edges(FileGraph graph, IReadOnlyList<string> circle) =>
        string.Join("; ", circle.Select(file => $"{file} uses {string.Join(", ", graph.Uses[file].Where(circle.Contains))}"));

    static string Crossing(FileGraph files, IReadOnlyList<string> folders) =>
        string.Join(
            "; ",
            files
                .Uses.Where(file => folders.Contains(FolderOf(file.Key)))
                .SelectMany(file =>
                    file.Value.Where(used => folders.Contains(FolderOf(used)) && FolderOf(used) != FolderOf(file.Key))
                        .Select(used => $"{file.Key} -> {used}")
                )
        );
}
