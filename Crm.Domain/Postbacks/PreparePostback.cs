// What saving a postback checks: its address and what it is called for.

using Crm.Domain.Problems;
using Crm.Domain.Resources;
using Crm.Domain.Work;

namespace Crm.Domain.Postbacks;

public static class PreparePostback
{
    /// <summary>Postbacks of one workspace: all of them are looked at for each lead and conversion.</summary>
    public const int Most = 200;

    public static ValueTask<OutgoingPostback> Run(
        UnitOfWork work,
        OutgoingPostback? before,
        OutgoingPostback postback,
        FieldErrors errors,
        CancellationToken cancel
    )
    {
        if (before is null && work.Settings.AllPostbacks >= Most)
            throw new ProblemException(ProblemCodes.LimitReached, $"A workspace has at most {Most} postbacks.");
        if (
            postback.Url is { } url
            && (
                !TextRules.IsWebAddress(Macros.Fill(url, _ => "x"))
                || AuthorityOf(url).AsSpan().ContainsAny('{', '}')
                || AuthorityOf(Macros.Fill(url, _ => "x")) != AuthorityOf(url)
            )
        )
            errors.Add(
                "url",
                "invalid",
                "Must be an absolute http or https address without a user name, with places to fill in behind the host only."
            );
        for (var i = 0; i < postback.On.Length; i++)
            if (postback.On[i].Length is 0 or > 60)
                errors.Add(
                    $"on.{i}",
                    "invalid",
                    "Must be lead, a conversion's type, conversion.reversed, commission.approved, commission.paid or commission.reversed."
                );
        return new(postback.Active ? postback with { DisabledAt = null, DisabledBecause = null } : postback);
    }

    /// <summary>What stands before the path, as it was written; empty when there is none.</summary>
    public static string AuthorityOf(string url)
    {
        var start = url.IndexOf("://", StringComparison.Ordinal);
        if (start < 0)
            return "";
        var end = url.IndexOfAny(['/', '?', '#', '\\'], start + 3);
        return end < 0 ? url : url[..end];
    }
}
