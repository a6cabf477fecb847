// Addresses that get no mail: whoever unsubscribed, complained, or where nothing arrives. Looked at when a mail is sent, not when it is
// made.

using Crm.Domain.Erasures;
using Crm.Domain.Problems;
using Crm.Domain.Resources;
using Crm.Domain.Work;

namespace Crm.Domain.Mail;

public static class SuppressAddress
{
    static string SealOf(Installation installation, string address) => SuppressPerson.MailSealOf(installation, address);

    /// <summary>Why an address gets no mail; null: it gets them.</summary>
    public static async ValueTask<SuppressionReason?> Of(UnitOfWork work, string address, CancellationToken cancel) =>
        (await Find(work, address, cancel))?.Reason
        ?? (await SuppressPerson.Find(work, SuppressPerson.Email, address, cancel) is not null ? SuppressionReason.Erased : null);

    public static ValueTask<Suppression?> Find(UnitOfWork work, string address, CancellationToken cancel) =>
        work.FindBy<Suppression>("seal", SealOf(work.Installation, address), cancel);

    /// <summary>From now on it gets none. What is stronger stays: a complaint does not become a bounce.</summary>
    public static async ValueTask Add(UnitOfWork work, string address, SuppressionReason reason, string? message, CancellationToken cancel)
    {
        if (await Find(work, address, cancel) is { } known)
        {
            if (Strength(reason) > Strength(known.Reason))
                work.Replace(known, known with { Reason = reason }, "updated");
            return;
        }
        string[] related = message is null ? [] : [message];
        work.Insert(
            new Suppression
            {
                Seal = SealOf(work.Installation, address),
                Address = address,
                Reason = reason,
            },
            "created",
            writer => writer.WriteString("reason", Names.Camel(reason.ToString())),
            related
        );
    }

    static int Strength(SuppressionReason reason) =>
        reason switch
        {
            SuppressionReason.Complaint => 3,
            SuppressionReason.Unsubscribed => 2,
            SuppressionReason.Manual => 1,
            _ => 0,
        };

    /// <summary>What a member adds.</summary>
    internal static async ValueTask<Suppression> Prepare(
        UnitOfWork work,
        Suppression? before,
        Suppression suppression,
        FieldErrors errors,
        CancellationToken cancel
    )
    {
        if (suppression.Address is not { } address)
        {
            errors.Add("address", "required", "A value is needed.");
            return suppression;
        }
        if (before is null && await Find(work, address, cancel) is not null)
            throw new ProblemException(
                ProblemCodes.AlreadyExists,
                "address: It is suppressed already.",
                [new("address", "taken", "It is suppressed already.")]
            );
        return suppression with { Seal = SealOf(work.Installation, address), Reason = SuppressionReason.Manual };
    }

    /// <summary>Who was erased is back only by what they do themselves.</summary>
    internal static ValueTask MayGo(UnitOfWork work, Resource suppression, CancellationToken cancel) =>
        suppression is Suppression { Reason: SuppressionReason.Erased }
            ? throw new ProblemException(
                ProblemCodes.WrongState,
                "Its owner was erased on request. It ends when they post a form themselves."
            )
            : default;
}
