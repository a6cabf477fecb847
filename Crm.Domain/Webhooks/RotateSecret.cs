// POST /v1/webhooks/{id}/rotate: a new secret, and for a while the old one beside it.

using System.Xml;
using Crm.Domain.Problems;
using Crm.Domain.Resources;
using Crm.Domain.Work;

namespace Crm.Domain.Webhooks;

/// <summary>How long both count.</summary>
public sealed record SecretRotation
{
    [Field(
        "How long requests are signed with the old secret too: an ISO 8601 duration up to P7D. PT24H without it; PT0S: not at all.",
        Max = 40,
        Example = "PT24H"
    )]
    public string? KeepOldFor { get; init; }
}

public static class RotateSecret
{
    static readonly TimeSpan Usual = TimeSpan.FromHours(24),
        Longest = TimeSpan.FromDays(7);

    public static readonly ResourceAction Action = ResourceAction
        .On<Webhook, SecretRotation>(
            "rotate",
            "Makes a new secret, which is shown in this answer only. Until the old one ends each request has two signatures.",
            (work, hook, rotation, _) =>
            {
                var keep = Keep(rotation.KeepOldFor);
                var secret = WebhookSecret.New();
                var old = SealedFields.Open(work.Installation.MasterKeys, work.Settings.Key, hook, "secret");
                return new(
                    new ActionResult(
                        work.Replace(
                            hook,
                            hook with
                            {
                                Secret = SealedText.Of(secret),
                                OldSecret = keep > TimeSpan.Zero && old is not null ? SealedText.Of(old) : null,
                                OldSecretUntil = keep > TimeSpan.Zero ? work.Now + keep : null,
                            },
                            "secretRotated"
                        )
                    )
                    {
                        ShownOnce = new Dictionary<string, string> { ["secret"] = secret },
                    }
                );
            },
            Effect.Opens
        )
        .ShowingSecret();

    static TimeSpan Keep(string? text)
    {
        if (string.IsNullOrEmpty(text))
            return Usual;
        try
        {
            if (XmlConvert.ToTimeSpan(text) is var time && time >= TimeSpan.Zero && time <= Longest)
                return time;
        }
        catch (Exception error) when (error is FormatException or OverflowException)
        {
            // said below
        }
        var errors = new FieldErrors();
        errors.Add("keepOldFor", "invalid", "Must be an ISO 8601 duration from PT0S to P7D, such as PT24H.");
        throw ProblemException.Invalid(errors);
    }
}
