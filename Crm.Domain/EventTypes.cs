// Every type of event there is, in one list: what webhooks, subscriptions and the feed are asked for. Approved in openapi/events.txt.

using Crm.Domain.Affiliates;
using Crm.Domain.Commissions;
using Crm.Domain.Erasures;
using Crm.Domain.Forms;
using Crm.Domain.Resources;
using Crm.Domain.Touches;

namespace Crm.Domain;

static class EventTypes
{
    /// <summary>Besides created, updated and deleted of every resource that tells of its changes.</summary>
    public static readonly IReadOnlyList<string> Further =
    [
        .. Of("lead", "clicked converted customerUnclear mentioned merged mergedInto restored submissionDetached unmerged"),
        .. Enum.GetValues<Verdict>().Select(verdict => "submission." + Names.Camel(verdict.ToString())),
        .. Of("submission", "held spam"),
        .. Enum.GetValues<TouchKind>().Select(kind => "touch." + Names.Snake(kind.ToString())),
        .. Of("conversion", "adjusted replaced reversed"),
        .. Of("commission", "adjusted approved paid paymentUndone recomputed reversed"),
        .. Enum.GetValues<PostbackOutcome>().Select(outcome => "affiliate.postback" + outcome),
        PayAffiliate.PaidEvent,
        PayAffiliate.UndoneEvent,
        "customer.purchased",
        .. Of("purchase", "adjusted refunded"),
        .. Of("postback", "deliveryDied disabled"),
        .. Of("webhook", "deliveryDied disabled secretRotated"),
        .. Of("retentionPolicy", "confirmed ran unconfirmed"),
        "reclassification.done",
        "erasure.done",
        ErasePerson.Erased,
        "accessRequest.done",
        "apiKey.revoked",
        "workspace.recordsRemoved",
    ];

    static IEnumerable<string> Of(string resource, string verbs) => verbs.Split(' ').Select(verb => $"{resource}.{verb}");
}
