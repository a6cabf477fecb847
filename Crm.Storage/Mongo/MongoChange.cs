// A commit made ready by its caller: the writer takes one batch after the other for everybody.

using System.Globalization;
using Crm.Domain.Stores;

namespace Crm.Storage.Mongo;

/// <summary>One change; which of the members are set says which kind it is.</summary>
sealed record MongoChange
{
    public MongoRow? Row { get; init; }

    /// <summary>Computed members: the change is not one of the document itself.</summary>
    public Change.Annotate? Annotation { get; init; }

    /// <summary>Of the document that the change is about; null with counters.</summary>
    public MongoPlan? Plan { get; init; }

    /// <summary>Of the document that is inserted, replaced or removed; null with all other changes.</summary>
    public MongoPlan? RowPlan => Annotation is null ? Plan : null;
    public Id Id { get; init; }
    public string RowId { get; init; } = "";
    public long IfVersion { get; init; }
    public bool Insert { get; init; }

    /// <summary>An insert that gets a position.</summary>
    public bool Append { get; init; }

    /// <summary>The counters' identities: workspace and name.</summary>
    public IReadOnlyList<string> Counters { get; init; } = [];

    /// <summary>The workspace that counts, or 0 for the installation.</summary>
    public long CounterSpace { get; init; }

    public long By { get; init; }

    public static MongoChange[] Prepare(long ws, IReadOnlyList<Change> changes, Func<Collection, MongoPlan> planOf, MongoOrder order)
    {
        var touched = new HashSet<(MongoPlan, Id)>();
        var prepared = new MongoChange[changes.Count];
        for (var i = 0; i < prepared.Length; i++)
        {
            prepared[i] = changes[i] switch
            {
                Change.Insert { Document: var document } => OfDocument(document, 0, insert: true),
                Change.Append { Document: var document } => OfDocument(document, 0, insert: true, append: true),
                Change.Replace { Document: var document, IfVersion: var version } => OfDocument(document, version, insert: false),
                Change.Delete { Collection: var collection, Id: var id, IfVersion: var version } => new()
                {
                    Plan = planOf(collection),
                    Id = id,
                    RowId = MongoPlan.RowId(ws, id),
                    IfVersion = version,
                },
                Change.Annotate annotate => OfAnnotation(planOf(annotate.Collection), annotate),
                Change.Increment increment => new()
                {
                    CounterSpace = increment.InInstallation ? 0 : ws,
                    Counters = [CounterId(increment.InInstallation ? 0 : ws, increment.Counter)],
                    By = increment.By,
                },
                Change.Count count => new()
                {
                    CounterSpace = ws,
                    Counters = [.. count.Counters.Names.Select(name => CounterId(ws, name))],
                    By = count.By,
                },
                var other => throw new ArgumentException($"Unknown change: {other.GetType().Name}."),
            };
            if (prepared[i].RowPlan is { } plan && !touched.Add((plan, prepared[i].Id)))
                throw new ArgumentException("Two changes of one commit touch the same document.");
        }
        return prepared;

        static string CounterId(long space, string name) => string.Create(CultureInfo.InvariantCulture, $"{space}|{name}");

        MongoChange OfAnnotation(MongoPlan plan, Change.Annotate annotate)
        {
            AnnotatedKeys.Check(plan.Collection, annotate);
            if (annotate.Keys.Any(key => double.IsNaN(key.Value.Number)))
                throw new ArgumentException("A key cannot be NaN: it has no place in an order.");
            return new()
            {
                Annotation = annotate,
                Plan = plan,
                Id = annotate.Id,
                RowId = MongoPlan.RowId(ws, annotate.Id),
            };
        }

        MongoChange OfDocument(Document document, long ifVersion, bool insert, bool append = false)
        {
            var plan = planOf(document.Collection);
            Positions.Check(document, append, plan.HasPosition(document));
            var row = plan.Encode(ws, document, append ? order.Next() : 0);
            return new()
            {
                Row = row,
                Plan = row.Plan,
                Id = row.Id,
                RowId = row.RowId,
                IfVersion = ifVersion,
                Insert = insert,
                Append = append,
            };
        }
    }
}

/// <summary>A commit on its way.</summary>
sealed class MongoCommit(long ws, MongoChange[] changes, CancellationToken cancel)
{
    public long Ws => ws;
    public MongoChange[] Changes => changes;
    public CancellationToken Cancel => cancel;
    public long Bytes { get; } = changes.Sum(change => (long)(change.Row?.Bson.Length ?? change.Annotation?.Members.Length ?? 0) + 200);
    public TaskCompletionSource<CommitResult> Answer { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Something of it waits for its position afterwards.</summary>
    public bool Appends { get; } = changes.Any(change => change.Append);

    public CommitResult Result { get; set; } = CommitResult.Done;
}
