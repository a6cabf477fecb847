// The computed members of a document and their keys, as they are stored and as a commit leaves them.

using Crm.Domain.Stores;

namespace Crm.Storage.Mongo;

/// <param name="Members">An object; never empty.</param>
/// <param name="Keys">Fields with at least one value.</param>
sealed record MongoComputed(byte[] Members, Dictionary<FieldPlan, List<Key>> Keys)
{
    /// <summary>Null when the document has none. Needs <see cref="MongoPlan.ComputedPaths"/>.</summary>
    public static MongoComputed? Of(MongoPlan plan, in MongoDocument document)
    {
        if (document.Members.IsEmpty)
            return null;
        var keys = new Dictionary<FieldPlan, List<Key>>();
        if (!document.Keys.IsEmpty)
            foreach (var field in plan.Fields)
                if (field.Computed && MongoDocument.All(document.Keys, field) is { Count: > 0 } values)
                    keys.Add(field, values);
        return new(document.Members.ToArray(), keys);
    }

    /// <summary>What is left after a change; null: nothing.</summary>
    public static MongoComputed? Merge(MongoPlan plan, MongoComputed? before, Change.Annotate change)
    {
        var members = Annotations.Merge(before?.Members ?? [], change.Members.Span);
        if (members.Length == 0)
            return null;
        var names = Annotations.Names(change.Members.Span);
        var keys = before?.Keys.Where(pair => !names.Any(member => Annotations.IsOf(pair.Key.Name, member))).ToDictionary() ?? [];
        foreach (var group in change.Keys.Distinct().GroupBy(key => key.Field, key => key.Value))
            keys[plan.Field(group.Key)] = [.. group];
        return new(members, keys);
    }

    public Change.Annotate ToChange(Collection collection, Id id) =>
        new(collection, id, Members, [.. Keys.SelectMany(pair => pair.Value.Select(value => (pair.Key.Name, value)))]);
}
