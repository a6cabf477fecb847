// A few hundred bytes that mean a hundred million selections: the engine says no at once, and the work it counts does not double with each
// fragment.

using System.Diagnostics;
using System.Text;
using System.Text.Json;
using Crm.Api.GraphQL;
using Crm.Domain;
using Crm.GraphQL;
using Crm.GraphQL.Language;
using Crm.GraphQL.Validation;
using Xunit;
using Xunit.Abstractions;

namespace Crm.Tests.GraphQL;

[Collection(nameof(CrmServer))]
public sealed class FanOutTests(CrmServer server, ITestOutputHelper output)
{
    static readonly TimeSpan Most = TimeSpan.FromMilliseconds(50);

    /// <summary>So many fragments, each of which spreads the next one three times, and a field at the end.</summary>
    static string FanOut(int fragments) =>
        "query {...f0} "
        + string.Concat(Enumerable.Range(0, fragments).Select(i => $"fragment f{i} on Query{{...f{i + 1}...f{i + 1}...f{i + 1}}} "))
        + $"fragment f{fragments} on Query{{__typename}}";

    [Fact]
    public async Task seventeen_fragments_of_three_spreads_each_are_answered_within_50_milliseconds()
    {
        var document = FanOut(17);
        Encoding.UTF8.GetByteCount(document).Should().Be(724, "it is the document that kept another engine busy for 17 seconds");
        var body = JsonSerializer.Serialize(new { query = document });
        var workspace = await server.NewWorkspace();
        var best = TimeSpan.MaxValue;
        // The first ones compile the code; the best of the others is what the engine takes, whoever else uses the machine.
        for (var attempt = 0; attempt < 25 && (attempt < 5 || best > Most); attempt++)
        {
            var began = Stopwatch.GetTimestamp();
            var reply = await workspace.SendPlain(HttpMethod.Post, "/graphql", body, ("Accept", "application/graphql-response+json"));
            var took = Stopwatch.GetElapsedTime(began);
            reply.Status.Should().Be(400, reply.Text);
            reply["errors"]![0]!["extensions"]!["code"]!.GetValue<string>().Should().Be("TOO_MANY_FIELDS");
            if (took < best)
                best = took;
        }
        output.WriteLine($"{best.TotalMilliseconds:0.0} ms");
        best.Should().BeLessThan(Most);
    }

    [Fact]
    public void what_the_validation_counts_does_not_double_with_each_fragment()
    {
        var schema = ApiSchema.Build(CrmCatalog.Standard, _ => []);
        var limits = new Limits();
        var (half, whole) = (Counted(15), Counted(30));
        output.WriteLine($"{half} for 15 fragments, {whole} for 30");
        half.Should().BePositive();
        whole.Should().BeLessThan(5 * half, "the square of twice as many is four times as much").And.BeLessThan(limits.Comparisons);

        // The least that the validation must be given so that it comes to its end.
        int Counted(int fragments)
        {
            var document = Parser.Parse(FanOut(fragments), limits);
            Validator.Validate(document, schema, limits).Should().BeEmpty();
            var (enough, little) = (limits.Comparisons, -1);
            while (enough - little > 1)
            {
                var middle = (enough + little) / 2;
                if (Validator.Validate(document, schema, limits with { Comparisons = middle }).Count == 0)
                    enough = middle;
                else
                    little = middle;
            }
            return enough;
        }
    }
}
