// Counting and summing by groups: on the server for one key, on this side for several.

using Crm.Domain.Stores;

namespace Crm.Storage.Mongo;

/// <summary>
/// One key is grouped where the data lies. Several would need a document as the group's identity, which not every server of the supported
/// kind takes; then the keys are streamed, and the query's budget decides.
/// </summary>
static class MongoGroups
{
    const int MostGroups = 10_000;

    public static async Task<IReadOnlyList<Group>> Run(
        MongoLink link,
        MongoPlan plan,
        long ws,
        Filter? filter,
        IReadOnlyList<string> groupBy,
        IReadOnlyList<string> sum,
        MongoStoreOptions options,
        CancellationToken cancel
    )
    {
        var keys = groupBy.Select(Single).ToArray();
        var sums = sum.Select(Single).ToArray();
        var condition = new BsonWriter();
        var asked = new MongoFilter(plan, ws).Write(condition, filter);
        return keys.Length < 2 && asked.Exact && !keys.Any(field => field.Custom)
            ? await OnServer(link, plan, condition, keys, sums, options, cancel)
            : await Here(link, plan, condition, asked, filter, keys, sums, options, cancel);

        FieldPlan Single(string name) =>
            plan.Field(name) is { Many: false } field
                ? field
                : throw new ArgumentException("A key with several values can be neither grouped by nor summed.");
    }

    static async Task<List<Group>> OnServer(
        MongoLink link,
        MongoPlan plan,
        BsonWriter condition,
        FieldPlan[] keys,
        FieldPlan[] sums,
        MongoStoreOptions options,
        CancellationToken cancel
    )
    {
        var group = new BsonWriter().Document("$group");
        _ = keys.Length == 0 ? group.Null("_id") : group.Text("_id", "$" + keys[0].Path);
        group.Document("n").Int("$sum", 1).Close();
        for (var i = 0; i < sums.Length; i++)
            group.Document("s" + i).Text("$sum", "$" + sums[i].Path).Close();
        group.Close();
        var groups = new List<Group>();
        await link.Aggregate(
            plan.Name,
            [new BsonWriter().Document("$match", condition.End()), group, new BsonWriter().Int("$limit", MostGroups + 1)],
            document =>
            {
                if (groups.Count == MostGroups)
                    throw new QueryTooCostlyException();
                Key? key = null;
                long count = 0;
                var totals = new double[sums.Length];
                var next = 0;
                for (var fields = new BsonReader(document); fields.Next(); )
                    if (fields.Is("_id"u8))
                        key = fields.Key;
                    else if (fields.Is("n"u8))
                        count = fields.Long;
                    else
                        totals[next++] = fields.Double;
                groups.Add(new(keys.Length == 0 ? [] : [key], count, totals));
                return true;
            },
            cancel,
            options.QueryBudget
        );
        return groups;
    }

    static async Task<List<Group>> Here(
        MongoLink link,
        MongoPlan plan,
        BsonWriter condition,
        MongoFilter asked,
        Filter? filter,
        FieldPlan[] keys,
        FieldPlan[] sums,
        MongoStoreOptions options,
        CancellationToken cancel
    )
    {
        var groups = new Dictionary<string, (Key?[] Keys, long Count, double[] Sums)>(StringComparer.Ordinal);
        var budget = new Budget(options);
        await link.Find(
            plan.Name,
            condition,
            document =>
            {
                budget.Goes();
                if (!asked.Matches(document, filter))
                    return true;
                var row = MongoDocument.Read(document);
                var values = new Key?[keys.Length];
                for (var i = 0; i < keys.Length; i++)
                    values[i] = MongoDocument.Single(row.Keys, keys[i]);
                // The length before each text keeps ("a|", "b") and ("a", "|b") apart.
                var name = string.Concat(
                    values.Select(value =>
                        value is not { } key ? "-"
                        : key.IsText ? $"{key.Text!.Length}t{key.Text}"
                        : $"n{key}|"
                    )
                );
                if (!groups.TryGetValue(name, out var group))
                {
                    if (groups.Count == MostGroups)
                        throw new QueryTooCostlyException();
                    group = (values, 0, new double[sums.Length]);
                }
                for (var i = 0; i < sums.Length; i++)
                    if (MongoDocument.Single(row.Keys, sums[i]) is { IsText: false } number)
                        group.Sums[i] += number.Number;
                groups[name] = group with { Count = group.Count + 1 };
                return true;
            },
            cancel,
            fields: asked.Exact ? ["k"] : ["k", "s"],
            budget: options.QueryBudget
        );
        return [.. groups.Values.Select(group => new Group(group.Keys, group.Count, group.Sums))];
    }
}
