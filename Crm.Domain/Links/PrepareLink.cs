// What saving a link checks and adds: its slug and where it may lead.

using Crm.Domain.Reports;
using Crm.Domain.Resources;
using Crm.Domain.Values;
using Crm.Domain.Work;

namespace Crm.Domain.Links;

public static class PrepareLink
{
    const string Letters = "abcdefghjkmnpqrstvwxyz0123456789";

    public static ValueTask<Link> Run(UnitOfWork work, Link? before, Link link, FieldErrors errors, CancellationToken cancel)
    {
        if (link.Slug.Length == 0)
            link = link with { Slug = System.Security.Cryptography.RandomNumberGenerator.GetString(Letters, 9) };
        else if (!link.Slug.All(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_'))
            errors.Add("slug", "invalid", "Must have letters, digits, - and _ only.");
        if (link.Destination is { } destination && !IsDestination(destination))
            errors.Add("destination", "invalid", "Must be an absolute http or https address without user name and control characters.");
        for (var i = 0; i < link.Parameters.Length; i++)
            if (link.Parameters[i].IndexOf('=') <= 0)
                errors.Add($"parameters.{i}", "invalid", "Must be name=value.");
        return new(link);
    }

    public static bool IsDestination(string text) => text.Length <= 2048 && TextRules.IsWebAddress(text);
}
