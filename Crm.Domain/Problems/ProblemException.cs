// A request that cannot be done, and why: ends up as application/problem+json (RFC 9457), over REST and GraphQL alike.

using Crm.Domain.Resources;

namespace Crm.Domain.Problems;

/// <param name="code">Which problem.</param>
/// <param name="detail">One sentence about this occurrence; holds nothing of another workspace and no secret.</param>
/// <param name="errors">The fields it is about.</param>
public sealed class ProblemException(ProblemCode code, string detail, IReadOnlyList<FieldError>? errors = null) : Exception(detail)
{
    public ProblemCode Code { get; } = code;
    public string Detail { get; } = detail;
    public IReadOnlyList<FieldError> Errors { get; } = errors ?? [];

    /// <summary>With <see cref="ProblemCodes.UseVerb"/>: which verb does it.</summary>
    public string? Verb { get; init; }

    /// <summary>With <see cref="ProblemCodes.AmbiguousMatch"/>: ids of whose it may be.</summary>
    public IReadOnlyList<string> Candidates { get; init; } = [];

    /// <summary>With <see cref="ProblemCodes.CursorExpired"/>: the first place from which to go on.</summary>
    public string? Earliest { get; init; }

    public static ProblemException NotFound(string what) => new(ProblemCodes.NotFound, $"There is no {what} with this id.");

    public static ProblemException Invalid(FieldErrors errors) =>
        new(
            ProblemCodes.ValidationFailed,
            errors.All.Count == 1
                ? $"{errors.All[0].Field}: {errors.All[0].Message}"
                : $"{errors.All.Count} fields are not valid; see errors.",
            errors.All
        );

    public static ProblemException Invalid(string field, string code, string message) =>
        new(ProblemCodes.ValidationFailed, $"{field}: {message}", [new(field, code, message)]);
}
