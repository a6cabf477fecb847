// What a network's word for a conversion's state means: paid, waiting or taken back; of any other word nobody can say whether it is money.

using System.Collections.Frozen;
using System.Collections.Immutable;
using Crm.Domain.Resources;

namespace Crm.Domain.Affiliates;

public enum StatusMeaning
{
    /// <summary>No word: the network reports what is paid, and nothing else.</summary>
    Unsaid,
    Paid,
    Waiting,

    /// <summary>It never was a sale: all of it is taken back.</summary>
    Rejected,

    /// <summary>Money went back: as much as the postback says, or all.</summary>
    Refunded,

    /// <summary>Some of it went back: how much has to be said.</summary>
    PartlyRefunded,
    Unknown,
}

/// <summary>An affiliate's own words, which go before those that everybody uses.</summary>
public sealed record StatusWords
{
    [Field("Words that mean it is paid.", Max = 50, Example = "7")]
    public ImmutableArray<string> Paid { get; init; } = [];

    [Field("Words that mean it is not decided yet: nothing is recorded.", Max = 50, Example = "in Prüfung")]
    public ImmutableArray<string> Waiting { get; init; } = [];

    [Field(
        "Words that mean it is taken back: the amount that is said with it, or all when there is none.",
        Max = 50,
        Example = "storniert"
    )]
    public ImmutableArray<string> Reversed { get; init; } = [];

    // Affise: 1 approved, 2 pending, 3 declined, 4 not found, 5 hold.
    static readonly FrozenDictionary<string, StatusMeaning> Usual = new (StatusMeaning Meaning, string Words)[]
    {
        (
            StatusMeaning.Paid,
            """
            1 a accept accepted approve approved billed captured charged cleared closed complete completed confirm confirmed conversion
            converted delivered final finalised finalized fulfilled locked ok okay onpayment paid payable payed purchase purchased rebill
            released sale settled sold succeeded success successful true valid validated verified won y yes canceledreversal
            """
        ),
        (
            StatusMeaning.Waiting,
            """
            2 5 authorised authorized await awaiting created delayed disputed draft expect expected extended held hold inprogress inreview
            lead new onhold open opened p pend pending preapproved processing progress queued registered review started submitted
            tracked unconfirmed underreview unpaid wait waiting
            """
        ),
        (
            StatusMeaning.Rejected,
            """
            3 4 abandoned annul annulled blocked cancel canceled cancellation cancelled cancelation d decline declined delete deleted denied
            deny disapprove disapproved dupe duplicate duplicated error expired fail failed failure fraud fraudulent invalid invalidated
            lost notfound reject rejected rejection removed scrub scrubbed spam trash trashed void voided
            """
        ),
        (
            StatusMeaning.Refunded,
            """
            -1 cgbk chargeback chargebacks chargedback clawback moneyback onchargeback onrefund r refund refunded refunds return returned
            returns reversal reverse reversed rfnd takeback
            """
        ),
        (StatusMeaning.PartlyRefunded, "partialrefund partialrefunded partiallyrefund partiallyrefunded partlyrefunded refundpartial"),
    }
        .SelectMany(row => row.Words.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries).Select(word => (word, row.Meaning)))
        .ToFrozenDictionary(pair => pair.word, pair => pair.Meaning, StringComparer.Ordinal);

    /// <summary>What a word means to this affiliate, without regard to case, hyphens, underscores and spaces.</summary>
    public static StatusMeaning MeaningOf(string word, StatusWords? own)
    {
        var plain = Plain(word);
        return plain.Length == 0 ? StatusMeaning.Unknown
            : Has(own?.Paid) ? StatusMeaning.Paid
            : Has(own?.Waiting) ? StatusMeaning.Waiting
            : Has(own?.Reversed) ? StatusMeaning.Refunded
            : Usual.GetValueOrDefault(plain, StatusMeaning.Unknown);

        bool Has(ImmutableArray<string>? words) => words?.Any(one => Plain(one) == plain) == true;
    }

    /// <summary>A number stays as it is: its sign counts.</summary>
    static string Plain(string word) =>
        long.TryParse(word, System.Globalization.CultureInfo.InvariantCulture, out var number)
            ? number.ToString(System.Globalization.CultureInfo.InvariantCulture)
            : string.Concat(word.Where(char.IsLetterOrDigit)).ToLowerInvariant();

    public void Check(string path, FieldErrors errors)
    {
        var known = new HashSet<string>(StringComparer.Ordinal);
        foreach (var (name, words) in new[] { ("paid", Paid), ("waiting", Waiting), ("reversed", Reversed) })
        foreach (var (i, word) in words.Index())
            if (Plain(word) is not { Length: > 0 } plain)
                errors.Add($"{path}.{name}.{i}", "invalid_value", "Must have a letter or a digit.");
            else if (!known.Add(plain))
                errors.Add($"{path}.{name}.{i}", "duplicate", "Each word means one thing: this one is there already.");
    }
}
