// One post of a website's form, as it came: three body types have become one shape.

namespace Crm.Domain.Forms;

/// <summary>What a browser or a server posted, before anything was judged.</summary>
/// <param name="Fields">In the order of their first appearance. Names are as posted with PHP brackets resolved: <c>a[]</c> is a repeated
/// <c>a</c>, <c>a[b]</c> is <c>a.b</c>.</param>
/// <param name="Files">File parts: named and measured; their content is not kept.</param>
/// <param name="Problem">Why the body could not be read (to its end); null when it was. What was read until then is in <paramref
/// name="Fields"/>.</param>
/// <param name="Raw">The beginning of the body as received, for a post that could not be read; empty otherwise.</param>
/// <param name="ContentType">The media type as sent, at most 200 characters; null when there was none.</param>
public sealed record FormPost(
    IReadOnlyList<PostedField> Fields,
    IReadOnlyList<PostedFile> Files,
    BodyProblem? Problem,
    ReadOnlyMemory<byte> Raw,
    string? ContentType
)
{
    /// <summary>What was left out or guessed in reading it.</summary>
    public IReadOnlyList<SubmissionNote> Notes { get; init; } = [];

    /// <summary>The first value of a field, or null.</summary>
    public string? First(string name)
    {
        foreach (var field in Fields)
            if (field.Name == name)
                return field.Values.Count > 0 ? field.Values[0] : null;
        return null;
    }
}

/// <summary>A field with its values; a name that is repeated has several.</summary>
public readonly record struct PostedField(string Name, IReadOnlyList<string> Values);

/// <summary>A file part. Size in bytes.</summary>
public readonly record struct PostedFile(string Name, string FileName, string? ContentType, long Size);

/// <summary>What is wrong with a body.</summary>
/// <param name="Code">A code of ProblemCodes, for example <c>body_malformed</c>.</param>
/// <param name="Field">The field it is about, or null for the whole body.</param>
public sealed record BodyProblem(string Code, string? Field, string Message);
