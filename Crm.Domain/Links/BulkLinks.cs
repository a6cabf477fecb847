// Many links at once: each row stands for itself, and the good ones are made in one commit whatever the others are.

using System.Collections.Immutable;
using System.Text.Json;
using Crm.Domain.Problems;
using Crm.Domain.Resources;
using Crm.Domain.Text;
using Crm.Domain.Work;

namespace Crm.Domain.Links;

public sealed record BulkLinks
{
    public const int Most = 500;

    [Field("The links, each as for POST /v1/links.", Max = Most, Is = Is.Required)]
    public ImmutableArray<JsonData> Links { get; init; } = [];

    public static readonly ResourceAction Action = ResourceAction
        .OnList<BulkLinks>(
            "bulk",
            "Makes up to 500 links; each row has its own result. With an Idempotency-Key a repeated request makes none twice.",
            async (work, input, cancel) =>
            {
                var entry = work.Installation.Catalog.For(ResourceType.Of<Link>());
                var reads = work.RightsTo(entry.Type).Reads;
                var made = new HashSet<string>(StringComparer.OrdinalIgnoreCase);
                var json = new System.Buffers.ArrayBufferWriter<byte>();
                using (var writer = JsonText.Writer(json))
                {
                    writer.WriteStartObject();
                    writer.WriteStartArray("results");
                    foreach (var row in input.Links)
                    {
                        using var body = row.Parse();
                        writer.WriteStartObject();
                        try
                        {
                            // A slug that is taken would refuse the commit of all rows, so it is looked for first; what somebody takes
                            // meanwhile is seen at the next attempt.
                            if (
                                body.RootElement.ValueKind == JsonValueKind.Object
                                && body.RootElement.TryGetProperty("slug", out var slug)
                                && slug.ValueKind == JsonValueKind.String
                                && slug.GetString()!.Trim().ToLowerInvariant() is { Length: > 0 } wanted
                            )
                            {
                                if (
                                    made.Contains(wanted)
                                    || await work.Installation.Store.FindOwner(entry.Type.Collection, "slug", wanted, cancel) is not null
                                )
                                    throw new ProblemException(
                                        ProblemCodes.AlreadyExists,
                                        "slug: Is taken.",
                                        [new("slug", "taken", "Is taken.")]
                                    );
                                made.Add(wanted);
                            }
                            var link = await SaveRecord.Create(work, entry, body.RootElement, cancel);
                            writer.WriteNumber("status", 201);
                            writer.WritePropertyName("link");
                            writer.WriteRawValue(Projection.Of(entry.ToAnswer(work.Settings, work.Origin, link, reads), reads).Span, true);
                        }
                        catch (ProblemException problem)
                        {
                            writer.WriteNumber("status", problem.Code.Status);
                            writer.WriteString("code", problem.Code.Code);
                            writer.WriteString("detail", problem.Detail);
                            writer.WriteStartArray("errors");
                            foreach (var error in problem.Errors)
                                error.Write(writer);
                            writer.WriteEndArray();
                        }
                        writer.WriteEndObject();
                    }
                    writer.WriteEndArray();
                    writer.WriteEndObject();
                }
                return new(null, new(json.WrittenSpan.ToArray()));
            },
            Effect.Ordinary
        )
        .Answering<BulkResults>();
}

public sealed record BulkResults
{
    [Field("A result for each row, in their order.", Max = BulkLinks.Most, Is = Is.Required)]
    public ImmutableArray<BulkResult> Results { get; init; } = [];
}

/// <summary>Describes a row's result. It is written member by member, because what a row has depends on how it ended.</summary>
public sealed record BulkResult
{
    [Field("As POST /v1/links would have answered.", Is = Is.Required)]
    public long Status { get; init; }

    [Field("The new link, if it was made.")]
    public Link? Link { get; init; }

    [Field("The code of the problem, if it was not.")]
    public string? Code { get; init; }

    [Field("The problem this time.")]
    public string? Detail { get; init; }

    [Field("What is wrong with which field.")]
    public ImmutableArray<RowError> Errors { get; init; } = [];
}

public sealed record RowError
{
    [Field("Which field, by its path.", Is = Is.Required)]
    public string Field { get; init; } = "";

    [Field("A stable code.", Is = Is.Required)]
    public string Code { get; init; } = "";

    [Field("What is allowed.", Is = Is.Required)]
    public string Message { get; init; } = "";
}
