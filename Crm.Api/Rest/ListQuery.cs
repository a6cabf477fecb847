// What a list's query string asks for: filters, sort, search, page and fields, each checked against the resource's definition.

using System.Globalization;
using Crm.Domain.Problems;
using Crm.Domain.Resources;
using Crm.Domain.Stores;
using Crm.Domain.Values;
using Crm.Domain.Work;

namespace Crm.Api.Rest;

/// <param name="Fields">Members to answer; null: all.</param>
/// <param name="Shape">The query without its position: what a cursor belongs to.</param>
public sealed record ListQuery(Query Query, IReadOnlyList<string>? Fields, string Shape)
{
    public const int DefaultLimit = 50,
        MostRows = 200,
        MostTerms = 50;

    /// <summary>Parameters of a list that are no filters.</summary>
    static readonly string[] Others = ["limit", "after", "sort", "fields"];

    public static ListQuery Read(
        IQueryCollection query,
        ResourceType type,
        WorkspaceSettings settings,
        Rights rights,
        TokenSeal seal,
        Filter? always = null,
        string? of = null
    )
    {
        var errors = new FieldErrors();
        var context = settings.For(type);
        var terms = new List<Filter>();
        if (always is not null)
            terms.Add(always);
        var limit = DefaultLimit;
        IReadOnlyList<Sort> sort = [];
        var descending = true;
        string? after = null;
        IReadOnlyList<string>? fields = null;
        foreach (var (name, values) in query)
            switch (name)
            {
                case "limit":
                    if (!int.TryParse(values, NumberStyles.None, CultureInfo.InvariantCulture, out limit) || limit is < 1 or > MostRows)
                        errors.Add("limit", "out_of_range", $"Must be a whole number from 1 to {MostRows}.");
                    break;
                case "after":
                    after = values;
                    break;
                case "sort":
                    (sort, descending) = ReadSort(values.ToString(), type, context, rights, errors);
                    break;
                case "fields":
                    fields = ReadFields(values.ToString(), type, rights, errors);
                    break;
                case "q" when rights.Searches(type) is not WordClasses.None and var classes:
                    if (ReadSearch(values.ToString(), classes, errors) is { } search)
                        terms.Add(search);
                    break;
                default:
                    string[] others = rights.Searches(type) != WordClasses.None ? [.. Others, "q"] : Others;
                    if (ReadFilter.Parameter(name, values, type, context, rights, errors, others) is { } filter)
                        terms.Add(filter);
                    break;
            }
        if (terms.Count > MostTerms)
            errors.Add("", "too_many", $"A list takes at most {MostTerms} filters.");
        if (errors.Any)
        {
            var unknown = errors.All.All(e => e.Code == "unknown");
            throw new ProblemException(
                unknown ? ProblemCodes.UnknownParameter : ProblemCodes.InvalidParameter,
                $"{errors.All[0].Field}: {errors.All[0].Message}",
                errors.All
            );
        }
        if (rights.Rows is not null)
            terms.Add(rights.Rows);
        var shape = Cursor.Shape(settings.Key, type, of, query);
        var position = string.IsNullOrEmpty(after) ? null : Cursor.Read(after, shape, sort.Count, seal);
        return new(
            new(
                type.Collection,
                terms.Count switch
                {
                    0 => null,
                    1 => terms[0],
                    _ => new Filter.And(terms),
                },
                sort,
                descending,
                position,
                limit
            ),
            fields,
            shape
        );
    }

    public static (IReadOnlyList<Sort>, bool Descending) ReadSort(
        string text,
        ResourceType type,
        ReadContext context,
        Rights rights,
        FieldErrors errors
    )
    {
        var sort = new List<Sort>();
        bool? byId = null;
        foreach (var part in text.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries))
        {
            var descending = part[0] == '-';
            var name = part.TrimStart('-', '+');
            if (name is "createdAt" or "id")
            {
                byId = descending; // The id decides from here on; nothing after it can.
                break;
            }
            if (
                (
                    name == "updatedAt" && type.Collection.Key("updatedAt") is not null
                    || type.Filter(name) is { IsSortable: true, IsMany: false }
                    || context.CustomFields.Any(f => "custom." + f.Name == name && !f.IsMany)
                ) && rights.ReadsFilter(type, name)
            )
                sort.Add(new(name, descending));
            else
                errors.Add(
                    "sort",
                    "unknown",
                    $"'{name}' cannot be sorted by. Allowed, each with - for descending: {string.Join(", ", Sortable(type, context).Where(n => n == "createdAt" || rights.ReadsFilter(type, n)))}."
                );
        }
        if (sort.Count > 3)
            errors.Add("sort", "too_many", "At most three fields can be sorted by.");
        return (sort, byId ?? (sort.Count == 0 || sort[^1].Descending));
    }

    public static IEnumerable<string> Sortable(ResourceType type, ReadContext context) =>
        type
            .Filters.Where(f => f.Field is { IsSortable: true, IsMany: false })
            .Select(f => f.Name)
            .Prepend("createdAt")
            .Concat(type.Collection.Key("updatedAt") is null ? [] : ["updatedAt"])
            .Concat(context.CustomFields.Where(f => !f.IsMany).Select(f => "custom." + f.Name));

    static IReadOnlyList<string>? ReadFields(string text, ResourceType type, Rights rights, FieldErrors errors)
    {
        string[] all =
        [
            "id",
            "version",
            "createdAt",
            "updatedAt",
            .. type.Fields.Where(f => f.Stored && !f.IsSecret && rights.Reads.Contains(f.Name)).Select(f => f.Name),
            .. type.TakesCustomFields && rights.Reads.Custom != FieldPart.None ? (string[])["custom"] : [],
        ];
        var fields = text.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);
        foreach (var field in fields)
            if (!all.Contains(field))
                errors.Add("fields", "unknown", $"There is no field '{field}'. Allowed are: {string.Join(", ", all)}.");
        return fields.Length == 0 ? null : ["id", .. fields.Where(f => f != "id").Distinct()];
    }

    /// <param name="classes">Whose words are found: <see cref="Rights.Searches"/>.</param>
    public static Filter? ReadSearch(string text, WordClasses classes, FieldErrors errors)
    {
        if (!TextRules.TryTidy(text, false, out var tidy, out var error) || tidy.Length > 200)
        {
            errors.Add("q", error.Code ?? "too_long", error.Message ?? "Must have at most 200 characters.");
            return null;
        }
        var words = new SortedSet<string>(StringComparer.Ordinal);
        TextRules.AddWords(tidy, words);
        // Signs alone are in no word: they find nothing, and not everything.
        if (words.Count == 0)
            return tidy.Length > 0 ? new Filter.Ids(Id.Empty, Id.Empty) : null;
        var asWords = new Filter.Search([.. words.Take(10)], classes);
        if (PhoneWords.Sought(tidy) is not { } digits)
            return asWords;
        // What looks like a number is the beginning or the end of one, or stands in a name as it is.
        var asNumber = new Filter[] { new Filter.Search([digits], classes), new Filter.Search([PhoneWords.Backwards(digits)], classes) };
        return new Filter.Or(words.SetEquals([digits]) ? asNumber : [.. asNumber, asWords]);
    }
}
