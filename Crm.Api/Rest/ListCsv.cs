// A list as a CSV file: page after page of the store goes out as it is read, so that neither the file nor the list is ever in memory.

using System.Globalization;
using System.IO.Pipelines;
using System.Text;
using System.Text.Json;
using Crm.Api.Http;
using Crm.Api.Security;
using Crm.Domain.Resources;
using Crm.Domain.Stores;
using Crm.Domain.Work;

namespace Crm.Api.Rest;

/// <summary>A file made of a list.</summary>
public abstract class CsvFile(string name)
{
    /// <summary>What it is called, without the day.</summary>
    public string Name => name;

    /// <summary>Sees each row that goes out.</summary>
    /// <param name="reads">What may be read of it.</param>
    public abstract void Each(JsonElement record, FieldSet reads);

    /// <summary>The lines behind the rows: cells by the titles of their columns.</summary>
    public abstract IEnumerable<IReadOnlyDictionary<string, CsvCell>> Ends();
}

public static class ListCsv
{
    /// <summary>Rows of a file.</summary>
    public const int MostRows = 50_000;

    const int RowsOfPage = 500,
        BytesOfPage = 1024 * 1024,
        BytesUnsent = 64 * 1024;

    /// <summary>
    /// What is wrong with the question is found before the answer begins. What goes wrong later breaks the connection off: a file that
    /// arrived is whole. What it has not for another reason (more rows, damaged ones) says its last line.
    /// </summary>
    /// <param name="cursor">Where a list goes on, as its <c>after</c> says it.</param>
    /// <param name="own">What a file of another name has more than the list.</param>
    public static async Task Write(
        HttpContext http,
        CatalogEntry entry,
        ListQuery list,
        ListFormat format,
        Rights rights,
        Func<Position, string> cursor,
        CsvFile? own = null
    )
    {
        var (caller, response) = (Caller.Of(http), http.Response);
        var (store, left) = (caller.Settings.Store, list.Query.Limit);
        var columns = CsvColumns.Of(entry.Type, caller.Settings.For(entry.Type), rights, list.Fields);
        var query = list.Query with { Limit = Math.Min(RowsOfPage, left), MostBytes = BytesOfPage };
        var page = await store.Query(query, http.RequestAborted);
        try
        {
            response.ContentType = CsvText.MediaType;
            var today = http.RequestServices.GetRequiredService<Installation>().Now;
            var day = today.UtcDateTime.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);
            CsvText.Name(response, $"{own?.Name ?? entry.Type.Plural}-{day}");
            if (HttpMethods.IsHead(http.Request.Method))
                return;
            var file = new Lines(response.BodyWriter, format.Raw);
            var (names, damaged, rows) = (new RecordNames(caller), new List<string>(), 0);
            file.Begin(format.Mark, columns);
            // From here on the answer is a file: what fails later cannot become a problem in the middle of it.
            await response.BodyWriter.FlushAsync(http.RequestAborted);
            while (true)
            {
                await names.Learn(columns, Records(entry, caller, rights, page), http.RequestAborted);
                for (var i = 0; i < page.Count; i++)
                {
                    if (page.DamageAt(i) is { } damage)
                    {
                        damaged.Add(damage.Record);
                        continue;
                    }
                    var row = page[i];
                    var reads = rights.ReadsOf(row.Json);
                    using var record = JsonDocument.Parse(entry.ToAnswer(caller.Settings, caller.Origin, row, reads));
                    file.Row(columns, record.RootElement, reads, names);
                    own?.Each(record.RootElement, reads);
                    rows++;
                    if (file.Unsent > BytesUnsent)
                        await response.BodyWriter.FlushAsync(http.RequestAborted);
                }
                left -= page.Count;
                var next = page.Next;
                if (next is null || left <= 0)
                {
                    foreach (var line in own?.Ends() ?? [])
                        file.Line(columns, line);
                    file.End(rows, damaged, next is null ? null : cursor(next), columns.Count);
                    break;
                }
                page.Dispose();
                page = await store.Query(query with { After = next, Limit = Math.Min(RowsOfPage, left) }, http.RequestAborted);
            }
            await response.BodyWriter.FlushAsync(http.RequestAborted);
        }
        finally
        {
            page.Dispose();
        }
    }

    /// <summary>The readable rows of a page, for the names of what they refer to.</summary>
    static IEnumerable<(ReadOnlyMemory<byte> Json, FieldSet Reads)> Records(CatalogEntry entry, Caller caller, Rights rights, Page page)
    {
        for (var i = 0; i < page.Count; i++)
            if (page.DamageAt(i) is null)
                yield return (page[i].Json, rights.ReadsOf(page[i].Json));
    }

    /// <summary>Writes the lines.</summary>
    sealed class Lines(PipeWriter to, bool raw)
    {
        public long Unsent => to.UnflushedBytes;

        public void Begin(bool mark, IReadOnlyList<CsvColumn> columns)
        {
            if (mark)
                Put(CsvText.Mark);
            Put(string.Join(',', columns.Select(column => column.Title)));
            Put(CsvText.Line);
        }

        public void Row(IReadOnlyList<CsvColumn> columns, JsonElement record, FieldSet reads, RecordNames names)
        {
            for (var i = 0; i < columns.Count; i++)
            {
                if (i > 0)
                    Put(",");
                var column = columns[i];
                if (!reads.Contains(column.Right) || column.Of(record) is not { } value)
                    continue;
                var cell = column.Names is { } of ? new(names.Of(of, value)) : column.Cell(value);
                if (cell.Text.Length > 0)
                    Put(cell.IsPlain ? cell.Text : CsvText.Cell(cell.Text, raw));
            }
            Put(CsvText.Line);
        }

        /// <param name="cells">By the titles of their columns; those of others are empty.</param>
        public void Line(IReadOnlyList<CsvColumn> columns, IReadOnlyDictionary<string, CsvCell> cells)
        {
            Put(
                string.Join(
                    ',',
                    columns.Select(column =>
                        cells.TryGetValue(column.Title, out var cell)
                            ? cell.IsPlain
                                ? cell.Text
                                : CsvText.Cell(cell.Text, raw)
                            : ""
                    )
                )
            );
            Put(CsvText.Line);
        }

        /// <summary>A line more when something is missing, in the first cell.</summary>
        /// <param name="next">Where the list goes on.</param>
        public void End(int rows, List<string> damaged, string? next, int columns)
        {
            var said = new List<string>();
            if (damaged.Count > 0)
                said.Add(
                    $"Damaged, and not in this file: {string.Join(Between, damaged.Take(MostNamed))}{(damaged.Count > MostNamed ? " and more" : "")}."
                );
            if (next is not null)
                said.Add(
                    string.Create(
                        CultureInfo.InvariantCulture,
                        $"This file has {rows:N0} rows, and there are more. Filter for fewer, or ask for the next ones with after={next}"
                    )
                );
            if (said.Count == 0)
                return;
            Put(CsvText.Cell(string.Join(' ', said)));
            Put(new string(',', columns - 1));
            Put(CsvText.Line);
        }

        void Put(string text) => Encoding.UTF8.GetBytes(text, to);
    }

    const string Between = ", ";
    const int MostNamed = 20;
}
