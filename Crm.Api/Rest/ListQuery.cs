// What a list's query string asks for: filters, sort, search, page and fields, each checked against the resource's definition.

using System.Globalization;
using Crm.Domain.Problems;
using Crm.Domain.Resources;
using Crm.Domain.Stores;
using Crm.Domain.Work;
using Microsoft.Extensions.Primitives;

namespace Crm.Api.Rest;

/// <param name="Fields">Members to answer; null: all.</param>
/// <param name="Shape">The query without its position: what a cursor belongs to.</param>
public sealed record ListQuery(Query Query, IReadOnlyList<string>? Fields, string Shape)
{
    public const int DefaultLimit = 50,
        MostRows = 200,
        MostTerms = 50,
        MostValues = 100;

    static readonly string[] Operators = ["eq", "ne", "in", "nin", "gt", "gte", "lt", "lte", "contains", "startsWith", "exists"];

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
                    if (ReadFilter(name, values, type, context, rights, errors) is { } filter)
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
        return words.Count > 0 ? new Filter.Search([.. words.Take(10)], classes)
            : tidy.Length > 0 ? new Filter.Ids(Id.Empty, Id.Empty)
            : null;
    }

    static Filter? ReadFilter(string name, StringValues values, ResourceType type, ReadContext context, Rights rights, FieldErrors errors)
    {
        var (path, op) = (name, values.Count > 1 ? "in" : "eq");
        var bracket = name.IndexOf('[');
        if (bracket > 0 && name.EndsWith(']'))
            (path, op) = (name[..bracket], name[(bracket + 1)..^1]);
        return Condition(
            name,
            path,
            op,
            op is "in" or "nin"
                ? [.. values.SelectMany(v => v!.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries))]
                : [values.ToString()],
            type,
            context,
            rights,
            errors
        );
    }

    /// <summary>One condition on one field, whichever edge it comes from; null when it is not allowed, and <paramref name="errors"/> says
    /// why.</summary>
    /// <param name="name">How the caller wrote it, for the error.</param>
    public static Filter? Condition(
        string name,
        string path,
        string op,
        IReadOnlyList<string> texts,
        ResourceType type,
        ReadContext context,
        Rights rights,
        FieldErrors errors
    )
    {
        var text = texts.Count == 1 ? texts[0] : "";
        if (!Operators.Contains(op))
        {
            errors.Add(name, "unknown", $"There is no operator '{op}'. Allowed are: {string.Join(", ", Operators)}.");
            return null;
        }
        if (path == "createdAt")
            return CreatedAt(name, op, text, errors);
        var field =
            path == "updatedAt" && type.Collection.Key("updatedAt") is not null
                ? UpdatedAt
                : type.Filter(path) ?? context.CustomFields.FirstOrDefault(f => "custom." + f.Name == path);
        // What may not be read is like what is not there: a filter by it would tell its value.
        if (field is null || !rights.ReadsFilter(type, path))
        {
            errors.Add(path, "unknown", $"There is no such parameter. Allowed are: {string.Join(", ", Allowed(type, context, rights))}.");
            return null;
        }
        switch (op)
        {
            case "exists":
                if (text is not ("true" or "false"))
                    errors.Add(name, "wrong_type", "Must be true or false.");
                return text == "true" ? new Filter.Exists(path) : new Filter.Not(new Filter.Exists(path));
            case "in" or "nin":
                if (texts.Count > MostValues)
                    errors.Add(name, "too_many", $"Takes at most {MostValues} values.");
                var keys = texts.Take(MostValues).Select(t => KeyOf(t, false)).OfType<Key>().ToList();
                return Found(key => op == "in" ? new Filter.In(key, keys) : new Filter.Not(new Filter.In(key, keys)));
            case "contains" or "startsWith" when field.Kind.KeyKind != KeyKind.Text:
                errors.Add(name, "unknown", $"The operator {op} is for text.");
                return null;
            default:
                var comparison = op switch
                {
                    "eq" => Comparison.Eq,
                    "ne" => Comparison.Ne,
                    "gt" => Comparison.Gt,
                    "gte" => Comparison.Gte,
                    "lt" => Comparison.Lt,
                    "lte" => Comparison.Lte,
                    "contains" => Comparison.Contains,
                    _ => Comparison.StartsWith,
                };
                return KeyOf(text, op is "contains" or "startsWith") is { } key
                    ? Found(of => new Filter.Compare(of, comparison, key))
                    : null;
        }

        Filter Found(Func<string, Filter> condition) =>
            field.FoundWith is not { } list ? condition(path)
            : op is "ne" or "nin" ? new Filter.And([condition(path), condition(list)])
            : new Filter.Or([condition(path), condition(list)]);

        Key? KeyOf(string value, bool partOf)
        {
            if (field.Kind.TryParseKey(value, field, context, partOf, out var key, out var message))
                return key;
            errors.Add(name, "invalid_value", message);
            return null;
        }
    }

    static readonly Field UpdatedAt = new()
    {
        Name = "updatedAt",
        Kind = DateTimeValue.Instance,
        Description = "",
    };

    static IEnumerable<string> Allowed(ResourceType type, ReadContext context, Rights rights) =>
        new[] { "limit", "after", "sort", "fields" }
            .Concat(rights.Searches(type) != WordClasses.None ? ["q"] : [])
            .Concat(["createdAt"])
            .Concat(type.Collection.Key("updatedAt") is null ? [] : ["updatedAt"])
            .Concat(
                type.Filters.Select(f => f.Name)
                    .Concat(context.CustomFields.Select(f => "custom." + f.Name))
                    .Where(name => rights.ReadsFilter(type, name))
            );

    /// <summary>Creation times are compared by id, which begins with the millisecond.</summary>
    static Filter? CreatedAt(string name, string op, string text, FieldErrors errors)
    {
        if (op is not ("eq" or "ne" or "gt" or "gte" or "lt" or "lte"))
        {
            errors.Add(name, "unknown", "createdAt takes eq, ne, gt, gte, lt and lte.");
            return null;
        }
        if (!DateTimeValue.Instance.TryParse(text, UpdatedAt, ReadContext.Nothing, out var value, out var error) || value is null)
        {
            errors.Add(name, error.Code ?? "invalid_value", error.Message ?? "A value is needed.");
            return null;
        }
        var at = (DateTimeOffset)value;
        var from = Id.FirstAt(at);
        var next = at.Year < 9999 ? Id.FirstAt(at.AddMilliseconds(1)) : Id.Largest; // The calendar ends there, and no id is that old.
        return op switch
        {
            "eq" => new Filter.Ids(from, next),
            "ne" => new Filter.Not(new Filter.Ids(from, next)),
            "gt" => new Filter.Ids(next, Id.Largest),
            "gte" => new Filter.Ids(from, Id.Largest),
            "lt" => new Filter.Ids(Id.Empty, from),
            _ => new Filter.Ids(Id.Empty, next),
        };
    }
}
