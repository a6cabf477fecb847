// Clients that other people's generators make of the document: compiled strictly, and used against the running product.

using System.Globalization;
using System.Reflection;
using System.Text.Json.Nodes;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using NSwag.CodeGeneration.CSharp;
using NSwag.CodeGeneration.OperationNameGenerators;
using Xunit;

namespace Crm.Tests.Rest;

[Collection(nameof(CrmServer))]
public sealed class GeneratedClientTests(CrmServer server)
{
    /// <summary>What the same story comes to in each client: defaults on making, a change that sends only what was set, lists with
    /// filters, a verb, a typed report, a problem.</summary>
    static readonly JsonArray Story =
    [
        2,
        "Offer 2",
        new JsonArray("fair"),
        "Thank you. We have received your message.",
        "pt",
        true,
        "Silva Ltda",
        new JsonArray("a"),
        "Porto",
        new JsonArray(true),
        "converted",
        true,
        "links",
        0,
        0,
        204,
        "not_found",
        0,
    ];

    [NeedsNodeFact]
    public async Task clients_by_openapi_typescript_and_hey_api_compile_and_send_only_what_was_set()
    {
        var workspace = await server.NewWorkspace();
        var document = Path.GetTempFileName();
        try
        {
            await File.WriteAllTextAsync(document, await server.Http.GetStringAsync("/openapi/v1.json"));
            File.Move(document, document + ".json");
            var said = JsonNode.Parse(
                await Npm.Run("generated-clients.mjs", "", document + ".json", server.Address.ToString().TrimEnd('/'), workspace.Key)
            )!;
            foreach (var client in new[] { "fetch", "hey" })
                said[client]!.ToJsonString().Should().Be(Story.ToJsonString(), client);
        }
        finally
        {
            File.Delete(document + ".json");
        }
    }

    [Fact]
    public async Task a_client_by_nswag_compiles_and_sends_only_what_was_set()
    {
        var workspace = await server.NewWorkspace();
        var document = await NSwag.OpenApiDocument.FromJsonAsync(await server.Http.GetStringAsync("/openapi/v1.json"));
        var settings = new CSharpClientGeneratorSettings
        {
            ClassName = "CrmClient",
            OperationNameGenerator = new SingleClientFromOperationIdOperationNameGenerator(),
            GenerateOptionalParameters = true,
            CSharpGeneratorSettings = { Namespace = "Generated", GenerateOptionalPropertiesAsNullable = true },
        };
        var code = new CSharpClientGenerator(document, settings).GenerateFile();
        var run = Compiled(code, Use).GetType("Use")!.GetMethod("Run", BindingFlags.Public | BindingFlags.Static)!;
        var said = await (Task<string>)run.Invoke(null, [server.Address.ToString(), workspace.Key])!;

        JsonNode.Parse(said)!.ToJsonString().Should().Be(Story.ToJsonString());
    }

    static Assembly Compiled(params string[] sources)
    {
        var references = ((string)AppContext.GetData("TRUSTED_PLATFORM_ASSEMBLIES")!)
            .Split(Path.PathSeparator)
            .Select(path => MetadataReference.CreateFromFile(path));
        var compilation = CSharpCompilation.Create(
            "Generated" + Guid.NewGuid().ToString("N", CultureInfo.InvariantCulture),
            sources.Select(source => CSharpSyntaxTree.ParseText(source)),
            references,
            new(OutputKind.DynamicallyLinkedLibrary)
        );
        using var assembly = new MemoryStream();
        var result = compilation.Emit(assembly);
        result.Diagnostics.Where(d => d.Severity == DiagnosticSeverity.Error).Select(d => d.ToString()).Take(10).Should().BeEmpty();
        return Assembly.Load(assembly.ToArray());
    }

    /// <summary>Written as whoever uses the client writes it.</summary>
    const string Use = """
        using System;
        using System.Collections.Generic;
        using System.Linq;
        using System.Net.Http;
        using System.Threading.Tasks;
        using Generated;

        public static class Use
        {
            public static async Task<string> Run(string address, string key)
            {
                using var http = new HttpClient { BaseAddress = new Uri(address) };
                http.DefaultRequestHeaders.Add("Authorization", "Bearer " + key);
                var crm = new CrmClient(http) { BaseUrl = address };
                var form = await crm.CreateFormAsync(body: new FormInput
                {
                    Name = "Offer",
                    Fields = new List<FormField> { new FormField { Name = "email", Kind = FormFieldKind.Email } },
                    Tags = new List<string> { "fair" },
                    Language = "pt",
                });
                var renamed = await crm.UpdateFormAsync(id: form.Id, body: new FormPatch
                {
                    Name = "Offer 2",
                    ThankYou = new ThankYouPatch { Redirect = new Uri("https://www.example.org/") },
                });
                var link = await crm.CreateLinkAsync(body: new LinkInput { Destination = "https://www.example.org/" });
                var lead = await crm.CreateLeadAsync(body: new LeadInput
                {
                    LastName = "Silva",
                    Email = "ana.nswag@example.org",
                    Company = "Silva Ltda",
                    Tags = new List<string> { "a" },
                });
                var moved = await crm.UpdateLeadAsync(id: lead.Id, body: new LeadPatch
                {
                    JobTitle = "Buyer",
                    Address = new AddressPatch { City = "Porto" },
                });
                var found = await crm.ListLeadsAsync(createdAtgte: lead.CreatedAt, limit: 5);
                var converted = await crm.ConvertLeadAsync(id: lead.Id, body: new NewCustomer());
                var events = await crm.ListLeadTimelineAsync(id: lead.Id, limit: 3);
                var report = await crm.ReportLinksAsync();
                var paid = await crm.ListAffiliatesAsync();
                await crm.DeleteLinkAsync(id: link.Id);
                var (gone, code, errors) = (204, "", -1);
                try
                {
                    await crm.GetLeadAsync(id: "lead_00000000000000000000000000");
                }
                catch (ApiException<Problem> problem)
                {
                    (code, errors) = (Newtonsoft.Json.JsonConvert.SerializeObject(problem.Result.Code, new Newtonsoft.Json.Converters.StringEnumConverter()).Trim('"'), problem.Result.Errors.Count);
                }
                return Newtonsoft.Json.JsonConvert.SerializeObject(new object[]
                {
                    form.MinimumFillSeconds, renamed.Name, renamed.Tags, renamed.ThankYou.Message, renamed.Language, link.Active, moved.Company, moved.Tags,
                    moved.Address.City, found.Data.Select(one => one.Id == lead.Id), converted.Status, events.Data.Count > 0, report.Report, report.Data.Count,
                    paid.Data.Count, gone, code, errors,
                }, new Newtonsoft.Json.Converters.StringEnumConverter());
            }
        }
        """;
}
