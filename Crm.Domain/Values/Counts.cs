// What a record counts for in reports: the record says it, the counters keep it.

using Crm.Domain.Reports;
using Crm.Domain.Resources;
using Crm.Domain.Stores;
using Crm.Domain.Work;

namespace Crm.Domain.Values;

/// <summary>
/// A record that reports count. Its numbers follow from the record alone, so counters are always the sum over what is stored: a new record adds its numbers, a
/// changed one the difference, a deleted one takes them back. Nothing else may count, and a recount needs nothing else.
/// </summary>
public interface ICounted
{
    /// <summary>Names what this record counts for; called before and after each change.</summary>
    void Count(Counts to);
}

/// <summary>What one record counts for.</summary>
public sealed class Counts
{
    readonly List<(Subject Of, string Measure, long Amount)> entries = new(2);

    public IReadOnlyList<(Subject Of, string Measure, long Amount)> Entries => entries;

    public void Add(in Subject of, string measure, long amount = 1) => entries.Add((of, measure, amount));

    public static Counts Of(ICounted record)
    {
        var counts = new Counts();
        record.Count(counts);
        return counts;
    }
}

/// <summary>What a number is owed to: a link with its campaign, affiliate and channel as they were then; or a form.</summary>
public readonly record struct Subject
{
    public const char Source = 's';
    public const char Form = 'f';
    public const string NoChannel = "unassigned";

    readonly Id? link,
        campaign,
        affiliate,
        form;
    readonly string? channel;

    Subject(Id? link, Id? campaign, Id? affiliate, string? channel, Id? form) =>
        (this.link, this.campaign, this.affiliate, this.channel, this.form) = (link, campaign, affiliate, channel, form);

    public static Subject Of(Id? link, Id? campaign, Id? affiliate, string? channel) =>
        new(link, campaign, affiliate, channel ?? NoChannel, null);

    public static Subject Of(string? link, string? campaign, string? affiliate, string? channel) =>
        Of(Parse(link, "link"), Parse(campaign, "camp"), Parse(affiliate, "aff"), channel);

    public static Subject OfForm(Id form) => new(null, null, null, null, form);

    public char Kind => form is null ? Source : Form;

    /// <summary>Which reports' series it is part of: l(inks), c(ampaigns), a(ffiliates), f(orms); channels and the funnel have all but forms.</summary>
    public string Groups =>
        form is not null ? "f" : $"{(link is null ? "" : "l")}{(campaign is null ? "" : "c")}{(affiliate is null ? "" : "a")}";

    /// <summary>The part of a counter's name before its measure: link, campaign, affiliate, channel; a hyphen for what is unknown.</summary>
    public string Text => form is not null ? Text26(form) : $"{Text26(link)}/{Text26(campaign)}/{Text26(affiliate)}/{channel}";

    static string Text26(Id? id) => id is { } known ? known.ToString("")[1..] : "-";

    static Id? Parse(string? text, string prefix) => Id.TryParse(text, prefix, out var id) ? id : null;
}
