// A report as a picture: totals, then bars by what brought them, or the course of the period. Every axis begins at zero.

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
        Panel = 130;

    static readonly CultureInfo English = CultureInfo.InvariantCulture;

    public static string Draw(Report report, int width = Usual)
    {
        var picture = new Picture(width);
        var title = report.Asked.Report.Title;
        var y = Head(picture, report, title);
        var description = new List<string> { Subtitle(report) + "." };
        if (!report.Totals.Any)
        {
            const string Nothing = "Nothing was counted in this period.";
            picture.Text(
                width / 2.0,
                y + 60,
                Picture.Measure(Nothing, 15) <= width - 2 * Margin ? Nothing : "Nothing was counted.",
                15,
                Ink.Soft,
                "middle"
            );
            return picture.Finish(y + 110, title, Subtitle(report) + ". Nothing was counted in this period.");
        }
        y = Totals(picture, report, y, description);
        y = report.Series is { } series ? Course(picture, report, series, y, description) : Bars(picture, report, y, description);
        return picture.Finish(y, title, string.Join(' ', description));
    }

    // ---- Head and totals

    static double Head(Picture picture, Report report, string title)
    {
        Large(picture, Margin, 34, title, picture.Width - 2.0 * Margin);
        var (y, room) = (56.0, picture.Width - 2.0 * Margin);
        var rows = new List<string>();
        foreach (var part in SubtitleParts(report))
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

    static string Subtitle(Report report) => string.Join(" · ", SubtitleParts(report));

    static string[] SubtitleParts(Report report)
    {
        var (from, to) = (report.Asked.From, report.Asked.To);
        var period =
            from == to ? Long(to)
            : from.Year == to.Year ? $"{Short(from)} – {Long(to)}"
            : $"{Long(from)} – {Long(to)}";
        List<string> all = [period, report.TimeZone];
        if (report.Asked.Report.HasClicks)
            all.Add(report.Asked.Robots ? "people and robots" : "people only");
        if (report.Asked.MinClicks > 0)
            all.Add(string.Create(English, $"{report.Asked.MinClicks:N0} clicks and more"));
        if (report.Asked.Sort is [var (column, descending), ..])
            all.Add($"{column.Label.ToLowerInvariant()}, {(descending ? "highest" : "lowest")} first");
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
                            report.Totals[count.Measure].ToString("N0", English),
                            Change(report.Totals[count.Measure], report.TotalsBefore?[count.Measure])
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
                                    : null
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
                    Picture.Fit(
                        Picture.Measure(change, 12) <= room - 10 ? change : change.Replace(OnBefore, "", StringComparison.Ordinal),
                        room - 10,
                        12
                    ),
                    12,
                    Ink.Soft
                );
            description.Add($"{cells[i].Label}: {cells[i].Value}{(cells[i].Change is { } told ? $" ({told})" : "")}.");
        }
        return y + (cells.Count + columns - 1) / columns * (report.TotalsBefore is null ? 48 : 64) + 8;
    }

    const string OnBefore = " on before";

    static string? Change(long now, long? before) =>
        before switch
        {
            null => null,
            0 => now == 0 ? "as before" : "before: 0",
            var was when was == now => "as before",
            var was => string.Create(English, $"{(now > was ? "+" : "−")}{Math.Abs((now - was.Value) * 100.0 / was.Value):N0} %{OnBefore}"),
        };

    static string Amount(long minor, string currency)
    {
        var digits = Domain.Text.Currency.Digits(currency);
        return $"{Domain.Text.Currency.Units(minor, currency).ToString(minor >= 1_000_000 ? "N0" : "N" + digits, English)} {currency}";
    }

    /// <summary>A line's name and the number it is sorted by; the number is never cut.</summary>
    static string Named(ReportLine line, ReportColumn? sorted, Numbers totals, double room)
    {
        var name = line.Name ?? line.Of;
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
                        ReportColumn.Rate or ReportColumn.Return => (value * 100).ToString("0.##", English) + " %",
                        ReportColumn.Money => Amount((long)value, currency!),
                        _ => value.ToString("N0", English),
                    }
            );
        // The ellipsis is a little wider than what was kept free for it.
        return Picture.Fit(name, room - Picture.Measure(number, 13) - 2, 13) + number;
    }

    // ---- Bars

    static double Bars(Picture picture, Report report, double y, List<string> description)
    {
        const int Thick = 14,
            Gap = 3;
        var measures = report.Asked.Report.DrawnColumns;
        var funnel = report.Asked.Report.Drawing == Drawing.Funnel;
        // What the lines are sorted by stands beside their names, unless it is drawn.
        var sorted = report.Asked.Sort is [var (by, _), ..] && !measures.Contains(by) ? by : null;
        IReadOnlyList<(string Label, IReadOnlyList<(string Name, long Value, Ink Ink)> Bars)> groups = funnel
            ?
            [
                .. measures.Select(
                    (m, i) => (m.Label, (IReadOnlyList<(string, long, Ink)>)[(m.Label, report.Totals[m.Measure], Ink.First + i)])
                ),
            ]
            :
            [
                .. report
                    .Lines.Take(MostBars)
                    .Select(line =>
                        (
                            Named(line, sorted, report.Totals, picture.Width - 2 * Margin),
                            (IReadOnlyList<(string, long, Ink)>)
                                [.. measures.Select((m, i) => (m.Label, line.Now[m.Measure], Ink.First + i))]
                        )
                    ),
            ];
        string Number((string Name, long Value, Ink Ink) bar) =>
            funnel
            && bar.Ink > Ink.First
            && measures[bar.Ink - Ink.First - 1] is var before
            && report.Totals[before.Measure] is > 0 and var whole
                ? string.Create(English, $"{bar.Value:N0} · {bar.Value * 100.0 / whole:0.#} % of {before.Label.ToLowerInvariant()}")
                : bar.Value.ToString("N0", English);
        if (!funnel)
            y = Legend(picture, measures, y);
        var most = Math.Max(1, groups.Max(group => group.Bars.Max(bar => bar.Value)));
        var ticks = Ticks(most, picture.Width < 480 ? 3 : 6);
        // Every bar leaves room for its number.
        var room = groups.Min(group =>
            group.Bars.Min(bar =>
                (picture.Width - 2.0 * Margin - Picture.Measure(Number(bar), 12) - 8) / Math.Max(bar.Value / (double)ticks[^1], 0.001)
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
            foreach (var (name, value, ink) in bars)
            {
                picture.Bar(Margin, y, Math.Max(value > 0 ? 1 : 0, At(value) - Margin), Thick, ink);
                picture.Text(At(value) + 5, y + 11, Number((name, value, ink)), 12, Ink.Soft);
                y += Thick + Gap;
            }
            y += 7;
            if (!funnel)
                description.Add(
                    $"{label}: {string.Join(", ", bars.Select(bar => string.Create(English, $"{bar.Value:N0} {bar.Name.ToLowerInvariant()}")))}."
                );
        }
        foreach (var (tick, i) in ticks.Select((tick, i) => (tick, i)))
            picture.Text(At(tick), y + 13, Tick(tick), 12, Ink.Soft, i == 0 ? "start" : "middle");
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

    static double Legend(Picture picture, IReadOnlyList<ReportColumn.Count> measures, double y)
    {
        double x = Margin;
        foreach (var (measure, i) in measures.Select((measure, i) => (measure, i)))
        {
            picture.Bar(x, y, 11, 11, Ink.First + i);
            picture.Text(x + 17, y + 10, measure.Label, 12, Ink.Soft);
            x += 17 + Picture.Measure(measure.Label, 12) + 18;
        }
        return y + 22;
    }

    // ---- The course of the period

    /// <summary>One panel for each measure, since clicks and customers have no common scale.</summary>
    static double Course(Picture picture, Report report, IReadOnlyList<SeriesPart> series, double y, List<string> description)
    {
        foreach (var (measure, i) in report.Asked.Report.DrawnColumns.Select((measure, i) => (measure, i)))
        {
            var ink = Ink.First + i;
            var values = series.Select(part => part.Numbers[measure.Measure]).ToList();
            var ticks = Ticks(Math.Max(1, values.Max()), 4);
            var left = Margin + ticks.Max(tick => Picture.Measure(Tick(tick), 12)) + 8;
            var (top, bottom, room) = (y + 26, y + 26 + Panel, picture.Width - Margin - left);
            picture.Bar(Margin, y + 2, 11, 11, ink);
            picture.Text(Margin + 17, y + 12, $"{measure.Label} by {report.Asked.Interval!.Value.ToString().ToLowerInvariant()}", 13);
            double At(double value) => bottom - value / ticks[^1] * Panel;
            foreach (var tick in ticks)
            {
                picture.Line(left, At(tick), left + room, At(tick), tick == 0 ? Ink.Soft : Ink.Line);
                picture.Text(left - 6, At(tick) + 4, Tick(tick), 12, Ink.Soft, "end");
            }
            var step = room / series.Count;
            if (step >= 4)
                for (var part = 0; part < values.Count; part++)
                    picture.Bar(
                        left + part * step + step * 0.12,
                        values[part] > 0 ? Math.Min(At(values[part]), bottom - 1) : bottom,
                        step * 0.76,
                        values[part] > 0 ? Math.Max(1, bottom - At(values[part])) : 0,
                        ink
                    );
            else
                picture.Curve(values.Select((value, part) => (left + (part + 0.5) * step, At(value))), ink);
            Days(picture, report, series, left, step, bottom + 17);
            y = bottom + 38;
            var peak = values.IndexOf(values.Max());
            description.Add(
                string.Create(
                    English,
                    $"{measure.Label}: most in the {report.Asked.Interval.Value.ToString().ToLowerInvariant()} from {Long(series[peak].From)}, {values[peak]:N0}."
                )
            );
        }
        return y;
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
            picture.Text(Math.Max(x, half + 4), y, Label(series[part].From), 12, Ink.Soft, "middle");
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
