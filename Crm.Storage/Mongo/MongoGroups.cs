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

    public static IReadOnlyList<Group> Run(
        MongoLink link,
        MongoPlan plan,
        long ws,
        Filter? filter,
        IReadOnlyList<string> groupBy,
        IReadOnlyList<string> sum,
        MongoStoreOptions options
    )
    {
        var keys = groupBy.Select(Single).ToArray();
        var sums = sum.Select(Single).ToArray();
        var condition = new BsonWriter();
        var asked = new MongoFilter(plan, ws).Write(condition, filter);
        return keys.Length < 2 && asked.Exact && !keys.Any(field => field.Custom)
            ? OnServer(link, plan, condition, keys, sums, options)
            : Here(link, plan, condition, asked, filter, keys, sums, options);

        FieldPlan Single(string name) =>
            plan.Field(name) is { Many: false } field
                ? field
                : throw new ArgumentException("A key with several values can be neither grouped by nor summed.");
    }

    static List<Group> OnServer(
        MongoLink link,
        MongoPlan plan,
        BsonWriter condition,
        FieldPlan[] keys,
        FieldPlan[] sums,
        MongoStoreOptions options
    )
    {
        var pipeline = new BsonWriter().Array("pipeline");
        pipeline.Document(null).Document("$match", condition.End()).Close();
        pipeline.Document(null).Document("$group");
        _ = keys.Length == 0 ? pipeline.Null("_id") : pipeline.Text("_id", "$" + keys[0].Path);
        pipeline.Document("n").Int("$sum", 1).Close();
        for (var i = 0; i < sums.Length; i++)
            pipeline.Document("s" + i).Text("$sum", "$" + sums[i].Path).Close();
        pipeline.Close().Close();
        pipeline.Document(null).Int("$limit", MostGroups + 1).Close().Close();
        var groups = new List<Group>();
        link.Aggregate(
            plan.Name,
            pipeline,
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
            options.QueryBudget
        );
        return groups;
    }

    static List<Group> Here(
        MongoLink link,
        MongoPlan plan,
        BsonWriter condition,
        MongoFilter asked,
        Filter? filter,
        FieldPlan[] keys,
        FieldPlan[] sums,
        MongoStoreOptions options
    )
    {
        var groups = new Dictionary<string, (Key?[] Keys, long Count, double[] Sums)>(StringComparer.Ordinal);
        var budget = new Budget(options);
        link.Find(
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
            fields: asked.Exact ? ["k"] : ["k", "s"],
            budget: options.QueryBudget
        );
        return [.. groups.Values.Select(group => new Group(group.Keys, group.Count, group.Sums))];
    }
}
