// The range of one index that a filter and a position leave: at most one bound on each side, because an index takes no more.

using Crm.Domain.Stores;

namespace Crm.Storage.Sqlite;

readonly record struct Bounds(Cell Low, bool LowOpen, Cell High, bool HighOpen, bool ExcludesMissing)
{
    /// <summary>Whether a condition is nothing but a bound of this field.</summary>
    public static bool Binds(Filter filter, string field) =>
        filter is Filter.Exists exists
            ? exists.Field == field
            : filter is Filter.Compare { Comparison: not (Comparison.Ne or Comparison.Contains) } compare && compare.Field == field;

    /// <summary>What the conditions that must all hold say about a field.</summary>
    public static Bounds Of(Filter? filter, string field)
    {
        var bounds = new Bounds();
        Narrow(filter, field, ref bounds, 0);
        return bounds;
    }

    static void Narrow(Filter? filter, string field, ref Bounds bounds, int depth)
    {
        if (filter is Filter.And and && depth < 32)
            foreach (var term in and.Terms)
                Narrow(term, field, ref bounds, depth + 1);
        if (filter is null || !Binds(filter, field))
            return;
        bounds = bounds with { ExcludesMissing = true };
        if (filter is not Filter.Compare compare)
            return;
        var value = Cell.Of(compare.Value);
        bounds = compare.Comparison switch
        {
            Comparison.Eq => bounds.Above(value, false).Below(value, false),
            Comparison.Gt => bounds.Above(value, true),
            Comparison.Gte => bounds.Above(value, false),
            Comparison.Lt => bounds.Below(value, true),
            Comparison.Lte => bounds.Below(value, false),
            Comparison.StartsWith when compare.Value.Text is { Length: > 0 } prefix => bounds
                .Above(value, false)
                .Below(Cell.Text(SqliteFilter.After(prefix)), true),
            _ => bounds,
        };
    }

    public static Bounds OfIds(Filter? filter)
    {
        var bounds = new Bounds();
        NarrowIds(filter, ref bounds, 0);
        return bounds;
    }

    static void NarrowIds(Filter? filter, ref Bounds bounds, int depth)
    {
        if (filter is Filter.And and && depth < 32)
            foreach (var term in and.Terms)
                NarrowIds(term, ref bounds, depth + 1);
        if (filter is Filter.Ids ids)
            bounds = bounds.Above(Cell.Of(ids.From), false).Below(Cell.Of(ids.Before), true);
    }

    /// <summary>What is left behind a value, in the direction of the walk.</summary>
    public Bounds Behind(in Cell value, bool descending) => descending ? Below(value, true) : Above(value, true);

    Bounds Above(in Cell value, bool open)
    {
        var order = Low.IsNull ? 1 : Cell.Compare(value, Low);
        return order < 0 || order == 0 && !open ? this : this with { Low = value, LowOpen = open };
    }

    Bounds Below(in Cell value, bool open)
    {
        var order = High.IsNull ? -1 : Cell.Compare(value, High);
        return order > 0 || order == 0 && !open ? this : this with { High = value, HighOpen = open };
    }

    public void Add(SqlText sql, string column)
    {
        if (!Low.IsNull)
            sql.Add($" AND {column} {(LowOpen ? ">" : ">=")} {sql.Value(Low)}");
        if (!High.IsNull)
            sql.Add($" AND {column} {(HighOpen ? "<" : "<=")} {sql.Value(High)}");
    }
}
