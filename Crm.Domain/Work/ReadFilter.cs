// Conditions on the fields of a resource as callers write them, in a list's parameters or in a text that is stored.

using Crm.Domain.Resources;
using Crm.Domain.Stores;

namespace Crm.Domain.Work;

public static class ReadFilter
{
    public const int MostValues = 100;

    static readonly string[] Operators = ["eq", "ne", "in", "nin", "gt", "gte", "lt", "lte", "contains", "startsWith", "exists"];

    /// <summary>A text as a list's address has it behind the question mark, filters alone: <c>status=new&amp;tags[nin]=vip</c>. Null when
    /// something of it is not allowed, and <paramref name="errors"/> says what.</summary>
    public static Filter? Text(string text, ResourceType type, ReadContext context, Rights rights, FieldErrors errors)
    {
        var terms = new List<Filter>();
        foreach (
            var parameter in text.TrimStart('?')
                .Split('&', StringSplitOptions.RemoveEmptyEntries)
                .Select(pair => pair.Split('=', 2).Select(part => Uri.UnescapeDataString(part.Replace('+', ' '))).ToArray())
                .GroupBy(pair => pair[0], pair => pair.ElementAtOrDefault(1) ?? "", StringComparer.Ordinal)
        )
            if (Parameter(parameter.Key, [.. parameter], type, context, rights, errors) is { } term)
                terms.Add(term);
        return errors.Any ? null : new Filter.And(terms);
    }

    /// <param name="name">The field, or field and operator: <c>tags[nin]</c>.</param>
    public static Filter? Parameter(
        string name,
        IReadOnlyList<string?> values,
        ResourceType type,
        ReadContext context,
        Rights rights,
        FieldErrors errors,
        IReadOnlyList<string>? others = null
    )
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
                : [string.Join(',', values)],
            type,
            context,
            rights,
            errors,
            others
        );
    }

    /// <summary>One condition on one field, whichever edge it comes from; null when it is not allowed, and <paramref name="errors"/> says
    /// why.</summary>
    /// <param name="name">How the caller wrote it, for the error.</param>
    /// <param name="others">What else may stand there and is no condition.</param>
    public static Filter? Condition(
        string name,
        string path,
        string op,
        IReadOnlyList<string> texts,
        ResourceType type,
        ReadContext context,
        Rights rights,
        FieldErrors errors,
        IReadOnlyList<string>? others = null
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
            errors.Add(
                path,
                "unknown",
                $"There is no such parameter. Allowed are: {string.Join(", ", Allowed(type, context, rights, others))}."
            );
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

    static IEnumerable<string> Allowed(ResourceType type, ReadContext context, Rights rights, IReadOnlyList<string>? others) =>
        (others ?? [])
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
