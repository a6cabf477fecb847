// A report as a picture: totals, then bars by what brought them, or the course of the period. Every axis begins at zero, what is not over
// yet is marked as such.

using System.Globalization;
using Crm.Domain.Reports;
using Crm.Domain.Values;

namespace Crm.Api.Reports;

public static class ReportPicture
{
    public const int Narrowest = 280,
        Widest = 1600,
        Usual = 760;

    const int Margin = 20,
        MostBars = 12,
        MostParts = 62,
        Panel = 130;

    static readonly CultureInfo English = CultureInfo.InvariantCulture;

    /// <param name="today">The day in the workspace's zone that is not over yet.</param>
    public static Picture Draw(Report report, DateOnly today, int width = Usual)
    {
        var picture = new Picture(width);
        var y = Head(picture, report, today);
        var title = $"{report.Asked.Report.Title}, {Period(report)}";
        var description = new List<string> { string.Join(" · ", SubtitleParts(report, today)[1..]) + "." };
        if (!report.Totals.Any)
        {
            const string Nothing = "Nothing was counted in this period.";
            picture.Text(
                width / 2.0,
                y + 60,
                Picture.Measure(Nothing, 15) <= width - 2 * Margin ? Nothing : "Nothing was counted.",
                15,
                Ink.Soft,
                Anchor.Middle
            );
            return picture.Finish(y + 110, title, $"{description[0]} {Nothing}");
        }
        y = Totals(picture, report, y, description);
        y = report.Series is { } series ? Course(picture, report, series, today, y, description) : Bars(picture, report, y, description);
        return picture.Finish(y, title, string.Join(' ', description));
    }

    // ---- Head and totals

    static double Head(Picture picture, Report report, DateOnly today)
    {
        Large(picture, Margin, 34, report.Asked.Report.Title, picture.Width - 2.0 * Margin);
        var (y, room) = (56.0, picture.Width - 2.0 * Margin);
        var rows = new List<string>();
        foreach (var part in SubtitleParts(report, today))
            if (rows.Count > 0 && Picture.Measure($"{rows[^1]} · {part}", 13) <= room)
                rows[^1] += " · " + part;
            else
                rows.Add(part);
        foreach (var row in rows)
        {
            picture.Text(Margin, y, Picture.Fit(row, room, 13), 13, Ink.Soft);
            y += 18;
        }
        return y;
    }

    static string Period(Report report)
    {
        var (from, to) = (report.Asked.From, report.Asked.To);
        return from == to ? Long(to)
            : from.Year == to.Year ? $"{Short(from)} – {Long(to)}"
            : $"{Long(from)} – {Long(to)}";
    }

    static string[] SubtitleParts(Report report, DateOnly today)
    {
        List<string> all = [Period(report), report.TimeZone];
        // A series marks the part that is not over.
        if (report.Series is null && today >= report.Asked.From && today <= report.Asked.To)
            all.Add("today so far");
        if (report.Asked.Report.HasClicks)
            all.Add(report.Asked.Robots ? "people and robots" : "people only");
        if (report.Asked.MinClicks > 0)
            all.Add(string.Create(English, $"{report.Asked.MinClicks:N0} clicks and more"));
        if (report.Asked.Sort is [var (column, descending), ..])
            all.Add($"by {column.Label.ToLowerInvariant()}, {(descending ? "highest" : "lowest")} first");
        return [.. all];
    }

    /// <summary>A title or a number in the largest letters that fit: a number that is cut says something else.</summary>
    static void Large(Picture picture, double x, double y, string text, double room)
    {
        var size = 19;
        while (size > 11 && Picture.Measure(text, size, bold: true) > room)
            size--;
        picture.Text(x, y, Picture.Fit(text, room, size, bold: true), size, bold: true);
    }

    static string Short(DateOnly day) => day.ToString("d MMM", English);

    static string Long(DateOnly day) => day.ToString("d MMM yyyy", English);

    static double Totals(Picture picture, Report report, double y, List<string> description)
    {
        var cells = new List<(string Label, string Value, string? Change)>();
        var drawn = report.Asked.Report.DrawnColumns;
        foreach (var column in report.Asked.Report.Columns)
            switch (column)
            {
                case ReportColumn.Count count when !count.Minor || drawn.Contains(count):
                    cells.Add(
                        (
                            count.Label,
                            Number(report.Totals[count.Measure]),
                            Change(report.Totals[count.Measure], report.TotalsBefore?[count.Measure], Number)
                        )
                    );
                    break;
                case ReportColumn.Money { Per: null } money
                    when money.Values(report.Totals).OrderByDescending(m => m.Value).FirstOrDefault()
                        is { Currency: { } currency, Value: var amount }:
                    cells.Add(
                        (
                            money.Label,
                            Amount((long)amount, currency),
                            Change(
                                (long)amount,
                                report.TotalsBefore is { } before
                                    ? money.Values(before).FirstOrDefault(m => m.Currency == currency) is { Currency: not null } was
                                        ? (long)was.Value
                                        : 0
                                    : null,
                                written => Amount(written, currency)
                            )
                        )
                    );
                    break;
            }
        var rows = (cells.Count + Math.Max(2, (picture.Width - 2 * Margin) / 128) - 1) / Math.Max(2, (picture.Width - 2 * Margin) / 128);
        var columns = Math.Max(2, (cells.Count + rows - 1) / rows);
        var room = (picture.Width - 2.0 * Margin) / columns;
        y += 14;
        for (var i = 0; i < cells.Count; i++)
        {
            var (x, top) = (Margin + i % columns * room, y + i / columns * (report.TotalsBefore is null ? 48 : 64));
            picture.Text(x, top + 10, Picture.Fit(cells[i].Label, room - 10, 12), 12, Ink.Soft);
            Large(picture, x, top + 32, cells[i].Value, room - 10);
            if (cells[i].Change is { } change)
                picture.Text(
                    x,
                    top + 49,
                    Picture.Fit(Picture.Measure(change, 12) <= room - 10 ? change : change.Split(From)[0], room - 10, 12),
                    12,
                    Ink.Soft
                );
            description.Add($"{cells[i].Label}: {cells[i].Value}{(cells[i].Change is { } said ? $" ({said})" : "")}.");
        }
        return y + (cells.Count + columns - 1) / columns * (report.TotalsBefore is null ? 48 : 64) + 8;
    }

    const string From = " from ";

    /// <summary>How much a number differs from the one before: a part of nothing is none.</summary>
    static string? Change(long now, long? before, Func<long, string> written) =>
        before switch
        {
            null => null,
            0 => now == 0 ? "No change" : "New",
            var was when was == now => "No change",
            var was => (now > was ? "↑ " : "↓ ") + Part(Math.Abs((now - was.Value) * 100.0 / was.Value)) + From + written(was.Value),
        };

    /// <summary>What changed did not change by nothing.</summary>
    static string Part(double percent) => percent.ToString(percent < 1 ? "0.#" : "N0", English) + "%";

    static string Number(long value) => value.ToString("N0", English);

    static string Amount(long minor, string currency)
    {
        var digits = Domain.Text.Currency.Digits(currency);
        return $"{Domain.Text.Currency.Units(minor, currency).ToString(minor >= 1_000_000 ? "N0" : "N" + digits, English)} {currency}";
    }

    /// <summary>A line's name and the number it is sorted by; the number is never cut.</summary>
    static string Named(ReportLine line, ReportDefinition definition, ReportColumn? sorted, Numbers totals, double room)
    {
        var name = NameOf(line, definition);
        if (sorted is null)
            return name;
        var currency = sorted.CurrencyOf(totals);
        var number =
            " · "
            + (
                sorted.Order(line.Now, currency) is not { } value
                    ? "–"
                    : sorted switch
                    {
                        ReportColumn.Rate or ReportColumn.Return => (value * 100).ToString("0.##", English) + "%",
                        ReportColumn.Money => Amount((long)value, currency!),
                        _ => Number((long)value),
                    }
            );
        // The ellipsis is a little wider than what was kept free for it.
        return Picture.Fit(name, room - Picture.Measure(number, 13) - 2, 13) + number;
    }

    /// <summary>As people know it; of a record without a name (it was deleted, or the key may not read it) what kind it is, and enough of
    /// its id to tell it from the next.</summary>
    static string NameOf(ReportLine line, ReportDefinition definition) =>
        line.Name
        ?? (
            definition.By.Type is null || line.Of.Length < 5
                ? definition.Wording(line.Of)
                : $"{char.ToUpperInvariant(definition.Line[0])}{definition.Line[1..]} …{line.Of[^5..]}"
        );

    // ---- Bars

    sealed record OneBar(string Name, long Value, long? Before, Ink Ink)
    {
        public long End => Math.Max(Value, Before ?? 0);
    }

    static double Bars(Picture picture, Report report, double y, List<string> description)
    {
        const int Thick = 14,
            Gap = 3;
        var (definition, measures) = (report.Asked.Report, report.Asked.Report.DrawnColumns);
        var funnel = definition.Drawing == Drawing.Funnel;
        // What the lines are sorted by stands beside their names, unless it is drawn.
        var sorted = report.Asked.Sort is [var (by, _), ..] && !measures.Contains(by) ? by : null;
        OneBar Of(int measure, Numbers now, Numbers? before) =>
            new(measures[measure].Label, now[measures[measure].Measure], before?[measures[measure].Measure], Ink.First + measure);
        IReadOnlyList<(string Label, IReadOnlyList<OneBar> Bars)> groups = funnel
            ? [.. measures.Select((m, i) => (m.Label, (IReadOnlyList<OneBar>)[Of(i, report.Totals, report.TotalsBefore)]))]
            :
            [
                .. report
                    .Lines.Take(MostBars)
                    .Select(line =>
                        (
                            Named(line, definition, sorted, report.Totals, picture.Width - 2 * Margin),
                            (IReadOnlyList<OneBar>)[.. measures.Select((_, i) => Of(i, line.Now, line.Before))]
                        )
                    ),
            ];
        string Said(OneBar bar) =>
            funnel
            && bar.Ink > Ink.First
            && measures[bar.Ink - Ink.First - 1] is var before
            && report.Totals[before.Measure] is > 0 and var whole
                ? string.Create(English, $"{bar.Value:N0} · {bar.Value * 100.0 / whole:0.#}% of {before.Label.ToLowerInvariant()}")
                : Number(bar.Value);
        if (groups.Count == 0)
        {
            const string None = "No line has so many clicks.";
            picture.Text(Margin, y + 15, None, 13, Ink.Soft);
            description.Add(None);
            return y + 40;
        }
        y = Legend(picture, funnel ? [] : measures, report.Asked.Compare, y);
        var most = Math.Max(1, groups.Max(group => group.Bars.Max(bar => bar.End)));
        var ticks = Ticks(most, picture.Width < 480 ? 3 : 6);
        // Every bar leaves room for its number.
        var room = groups.Min(group =>
            group.Bars.Min(bar =>
                (picture.Width - 2.0 * Margin - Picture.Measure(Said(bar), 12) - 8) / Math.Max(bar.End / (double)ticks[^1], 0.001)
            )
        );
        room = Math.Min(room, picture.Width - 2.0 * Margin - Picture.Measure(Tick(ticks[^1]), 12) / 2);
        double At(double value) => Margin + value / ticks[^1] * room;
        foreach (var (label, bars) in groups)
        {
            picture.Text(Margin, y + 15, Picture.Fit(label, picture.Width - 2 * Margin, 13));
            y += 22;
            // Lines stand behind bars only, so that none crosses a name.
            foreach (var tick in ticks)
                picture.Line(At(tick), y - 2, At(tick), y + bars.Count * (Thick + Gap) - 1, tick == 0 ? Ink.Soft : Ink.Line);
            foreach (var bar in bars)
            {
                picture.Bar(Margin, y, Math.Max(bar.Value > 0 ? 1 : 0, At(bar.Value) - Margin), Thick, bar.Ink);
                if (bar.Before is > 0 and var was)
                    Before(picture, At(was), y - 1, Thick + 2);
                picture.Text(At(bar.End) + 5, y + 11, Said(bar), 12, Ink.Soft);
                y += Thick + Gap;
            }
            y += 7;
            if (!funnel)
                description.Add($"{label}: {string.Join(", ", bars.Select(bar => $"{bar.Name.ToLowerInvariant()} {Number(bar.Value)}"))}.");
        }
        foreach (var (tick, i) in ticks.Select((tick, i) => (tick, i)))
            picture.Text(At(tick), y + 13, Tick(tick), 12, Ink.Soft, i == 0 ? Anchor.Start : Anchor.Middle);
        y += 25;
        if (!funnel && report.All > MostBars)
        {
            picture.Text(
                Margin,
                y + 8,
                Picture.Fit(string.Create(English, $"and {report.All - MostBars:N0} more"), picture.Width - 2 * Margin, 12),
                12,
                Ink.Soft
            );
            y += 20;
        }
        return y + 10;
    }

    /// <summary>A mark over a bar, with paper around it, where the period before ended.</summary>
    static void Before(Picture picture, double x, double y, double height)
    {
        picture.Bar(x - 2, y, 4, height, Ink.Paper);
        picture.Bar(x - 1, y, 2, height, Ink.Text);
    }

    static double Legend(Picture picture, IReadOnlyList<ReportColumn.Count> measures, bool compared, double y)
    {
        if (measures.Count == 0 && !compared)
            return y;
        const string Previous = "Previous period";
        double x = Margin;
        foreach (var (measure, i) in measures.Select((measure, i) => (measure, i)))
        {
            picture.Bar(x, y, 11, 11, Ink.First + i);
            picture.Text(x + 17, y + 10, measure.Label, 12, Ink.Soft);
            x += 17 + Picture.Measure(measure.Label, 12) + 18;
        }
        if (compared)
        {
            if (x > Margin && x + 11 + Picture.Measure(Previous, 12) > picture.Width - Margin)
                (x, y) = (Margin, y + 18);
            Before(picture, x + 3, y, 11);
            picture.Text(x + 11, y + 10, Previous, 12, Ink.Soft);
        }
        return y + 22;
    }

    // ---- The course of the period

    /// <summary>One panel for each measure, since clicks and customers have no common scale; all have the same left edge and the same
    /// days.</summary>
    static double Course(
        Picture picture,
        Report report,
        IReadOnlyList<SeriesPart> series,
        DateOnly today,
        double y,
        List<string> description
    )
    {
        var interval = report.Asked.Interval!.Value.ToString().ToLowerInvariant();
        var soFar = interval == "day" ? "today so far" : $"this {interval} so far";
        var panels = report
            .Asked.Report.DrawnColumns.Select(
                (measure, i) => (measure.Label, Ink: Ink.First + i, Values: series.Select(part => part.Numbers[measure.Measure]).ToList())
            )
            .Select(panel => (panel.Label, panel.Ink, panel.Values, Ticks: Ticks(Math.Max(1, panel.Values.Max()), 4)))
            .ToList();
        var left = Margin + panels.Max(panel => panel.Ticks.Max(tick => Picture.Measure(Tick(tick), 12))) + 8;
        var room = picture.Width - Margin - left;
        var step = room / series.Count;
        // The part that today lies in is not over.
        var running = Enumerable.Range(0, series.Count).FirstOrDefault(i => series[i].From <= today && today <= series[i].To, -1);
        foreach (var (label, ink, values, ticks) in panels)
        {
            var (top, bottom) = (y + 26, y + 26 + Panel);
            picture.Bar(Margin, y + 2, 11, 11, ink);
            var name = $"{label} by {interval}";
            picture.Text(Margin + 17, y + 12, name, 13);
            var after = Margin + 17 + Picture.Measure(name, 13) + 18;
            if (running >= 0 && after + 17 + Picture.Measure(soFar, 12) <= picture.Width - Margin)
            {
                picture.Unfinished(after, y + 2, 11, 11, ink);
                picture.Text(after + 17, y + 12, soFar, 12, Ink.Soft);
            }
            double At(double value) => bottom - value / ticks[^1] * Panel;
            foreach (var tick in ticks)
            {
                picture.Line(left, At(tick), left + room, At(tick), tick == 0 ? Ink.Soft : Ink.Line);
                picture.Text(left - 6, At(tick) + 4, Tick(tick), 12, Ink.Soft, Anchor.End);
            }
            if (series.Count <= MostParts)
                for (var part = 0; part < values.Count; part++)
                {
                    if (values[part] == 0)
                        continue;
                    var (x, over) = (left + part * step + step * 0.12, Math.Min(At(values[part]), bottom - 1));
                    if (part == running)
                        picture.Unfinished(x, over, step * 0.76, bottom - over, ink);
                    else
                        picture.Bar(x, over, step * 0.76, bottom - over, ink);
                }
            else
            {
                var points = values.Select((value, part) => (left + (part + 0.5) * step, At(value))).ToList();
                var whole = running < 1 ? points.Count : running;
                picture.Curve(points.Take(whole), ink);
                if (whole < points.Count)
                    picture.Curve(points.Skip(whole - 1), ink, dashed: true);
            }
            y = bottom + 14;
            var peak = values.IndexOf(values.Max());
            description.Add(
                $"{label}: most in the {interval} from {Long(series[peak].From)}, {Number(values[peak])}"
                    + (running >= 0 ? $"; {soFar} {Number(values[running])}." : ".")
            );
        }
        Days(picture, report, series, left, step, y + 3);
        return y + 24;
    }

    /// <summary>As many days below the axis as have room, the first and the last within its ends.</summary>
    static void Days(Picture picture, Report report, IReadOnlyList<SeriesPart> series, double left, double step, double y)
    {
        var years = series[0].From.Year != series[^1].From.Year;
        string Label(DateOnly day) =>
            report.Asked.Interval == Interval.Month
                ? day.ToString(years ? "MMM ’yy" : "MMM", English)
                : day.ToString(years ? "d MMM ’yy" : "d MMM", English);
        var widest = series.Max(part => Picture.Measure(Label(part.From), 12)) + 14;
        var every = Math.Max(1, (int)Math.Ceiling(widest / step));
        for (var part = 0; part < series.Count; part += every)
        {
            var (x, half) = (left + (part + 0.5) * step, Picture.Measure(Label(series[part].From), 12) / 2);
            if (x + half > picture.Width - 4)
                break;
            picture.Text(Math.Max(x, half + 4), y, Label(series[part].From), 12, Ink.Soft, Anchor.Middle);
        }
    }

    // ---- Scales

    /// <summary>Round numbers from zero to at least <paramref name="most"/>.</summary>
    static IReadOnlyList<long> Ticks(long most, int about)
    {
        long step = 1;
        for (var i = 0; step * about < most; i++)
            step = i % 3 == 1 ? step / 2 * 5 : step * 2;
        return [.. Enumerable.Range(0, (int)((most + step - 1) / step) + 1).Select(i => i * step)];
    }

    static string Tick(long value) =>
        value switch
        {
            >= 1_000_000_000 => (value / 1e9).ToString("0.#", English) + "G",
            >= 1_000_000 => (value / 1e6).ToString("0.#", English) + "M",
            >= 10_000 => (value / 1e3).ToString("0.#", English) + "k",
            _ => value.ToString("N0", English),
        };
}
