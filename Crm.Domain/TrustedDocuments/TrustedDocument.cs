// A trusted document: a GraphQL text that was looked at before, is asked for by its id, and in some workspaces is all that runs.

using System.Security.Cryptography;
using System.Text;
using Crm.Domain.Resources;
using Crm.Domain.Work;

namespace Crm.Domain.TrustedDocuments;

[Resource(
    "trustedDocument",
    "trusted-documents",
    "tdoc",
    "A GraphQL text that clients ask for by its id. A workspace can refuse every other.",
    Can = Operations.Read | Operations.Create | Operations.Delete
)]
public sealed record TrustedDocument : Resource
{
    [Field(
        "By which it is asked for; when it is not given, the SHA-256 of the text in hex.",
        Max = 128,
        Is = Is.Unique | Is.WriteOnce,
        Example = "6f239fce3113157cda63d940de8c00d47474dfd57620870cd0348eb7d83f6abc"
    )]
    public string DocumentId { get; init; } = "";

    [Field(
        "The text, with one or more operations.",
        Kind = TextKind.Long,
        Is = Is.Required | Is.WriteOnce,
        Example = "query Newest { leads(first: 5) { nodes { id } } }"
    )]
    public string? Text { get; init; }

    public static string IdOf(string text) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text)));

    /// <summary>The id as it is stored: some clients say by which function it was made.</summary>
    public static string Plain(string id) =>
        id.Length == 71 && id.StartsWith("sha256:", StringComparison.OrdinalIgnoreCase) ? id[7..].ToLowerInvariant() : id;

    public static ValueTask<TrustedDocument> Prepare(
        UnitOfWork work,
        TrustedDocument? before,
        TrustedDocument document,
        FieldErrors errors,
        CancellationToken cancel
    )
    {
        return new(document with { DocumentId = document.DocumentId.Length == 0 ? IdOf(document.Text ?? "") : Plain(document.DocumentId) });
    }
}
