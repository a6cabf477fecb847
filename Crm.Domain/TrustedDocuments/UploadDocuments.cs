// A client's whole set of trusted documents at once, in the form in which its build wrote it.

using System.Text;
using System.Text.Json;
using Crm.Domain.Problems;
using Crm.Domain.Resources;
using Crm.Domain.Work;

namespace Crm.Domain.TrustedDocuments;

public sealed record DocumentSet
{
    [Field(
        "An object of texts by their ids, as the Relay compiler writes it, or a manifest with operations of id and body, as Apollo's tools do.",
        Is = Is.Required
    )]
    public JsonData? Documents { get; init; }
}

public sealed record UploadedDocuments
{
    [Field("Documents that are new.", Is = Is.Required)]
    public long Added { get; init; }

    [Field("Documents that were there already.", Is = Is.Required)]
    public long Known { get; init; }
}

public static class UploadDocuments
{
    /// <summary>Documents of one upload; of a workspace; bytes of one text.</summary>
    public const int MostAtOnce = 500,
        Most = 5_000,
        MostBytes = 32 * 1024;

    const int MostIdLength = 128;

    public static readonly ResourceAction Upload = ResourceAction
        .OnList<DocumentSet>(
            "upload",
            "Adds a set of documents. Those that are there already with the same text stay as they are.",
            async (work, input, cancel) =>
            {
                var type = ResourceType.Of<TrustedDocument>();
                var errors = new FieldErrors();
                var set = Read(input.Documents!, errors);
                if (errors.Any)
                    throw ProblemException.Invalid(errors);
                var added = 0;
                foreach (var (id, text) in set)
                    if (await work.Store.FindByKey(type.Collection, "documentId", id, cancel) is not { } known)
                    {
                        work.Insert(new TrustedDocument { DocumentId = id, Text = text });
                        added++;
                    }
                    else if ((await work.Find<TrustedDocument>(known, cancel))?.Text is { } other && other != text)
                        errors.Add($"documents.{id}", "taken", $"{type.Text(known)} has this id and another text. Delete it first.");
                if (errors.Any)
                    throw ProblemException.Invalid(errors);
                if (added > 0 && added + await work.Store.Count(type.Collection, null, Most, cancel) > Most)
                    throw new ProblemException(ProblemCodes.LimitReached, $"A workspace can have at most {Most} trusted documents.");
                return ActionResult.Of(new UploadedDocuments { Added = added, Known = set.Count - added });
            },
            Effect.Opens
        )
        .Answering<UploadedDocuments>();

    static Dictionary<string, string> Read(JsonData documents, FieldErrors errors)
    {
        var set = new Dictionary<string, string>(StringComparer.Ordinal);
        using var json = documents.Parse();
        var root = json.RootElement;
        if (root.ValueKind != JsonValueKind.Object)
            errors.Add("documents", "wrong_type", "Must be an object.");
        else if (root.TryGetProperty("operations", out var operations) && operations.ValueKind == JsonValueKind.Array)
            foreach (var operation in operations.EnumerateArray())
                if (
                    operation.ValueKind == JsonValueKind.Object
                    && operation.TryGetProperty("id", out var id)
                    && id.ValueKind == JsonValueKind.String
                    && operation.TryGetProperty("body", out var body)
                )
                    Take(id.GetString()!, body);
                else
                    errors.Add("documents.operations", "wrong_type", "Each must be an object with id and body.");
        else
            foreach (var member in root.EnumerateObject())
                Take(member.Name, member.Value);
        if (set.Count == 0 && !errors.Any)
            errors.Add("documents", "required", "There is no document in it.");
        if (set.Count > MostAtOnce)
            errors.Add("documents", "too_many", $"Takes at most {MostAtOnce} documents at once.");
        return set;

        void Take(string name, JsonElement value)
        {
            var id = TrustedDocument.Plain(name);
            if (id.Length is 0 or > MostIdLength || id.Any(char.IsControl))
                errors.Add("documents", "invalid_value", $"An id must have 1 to {MostIdLength} characters.");
            else if (
                value.ValueKind != JsonValueKind.String
                || value.GetString() is not { Length: > 0 } text
                || Encoding.UTF8.GetByteCount(text) > MostBytes
                || text.Contains('\0')
            )
                errors.Add($"documents.{id}", "wrong_type", $"Must be a text of at most {MostBytes} bytes.");
            else if (!set.TryAdd(id, text) && set[id] != text)
                errors.Add($"documents.{id}", "duplicate", "Is there twice, with two texts.");
        }
    }
}
