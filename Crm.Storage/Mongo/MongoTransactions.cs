// A batch as one short transaction, with a mark in it by which a lost answer can be found out.

namespace Crm.Storage.Mongo;

/// <summary>
/// When the answer to a commit is lost, the mark tells. Looking is not enough: the commit may still be under way. So the mark is changed
/// outside the transaction: either it carries the batch's number already, then the batch is in; or it is changed now, then the server can
/// no longer commit what also changed it.
/// </summary>
sealed class MongoTransactions(TimeProvider clock, Action<string> log) : IMongoCommitter
{
    readonly string mark = Guid.NewGuid().ToString("n");
    long number;

    public bool LooksFirst => false;

    public async Task<bool> Write(MongoLink link, Func<MongoLink, Task<List<MongoOperation>>> prepare)
    {
        var mine = ++number;
        await using (var transaction = await link.Begin(CancellationToken.None))
        {
            var inside = transaction.Inside;
            var operations = await prepare(inside);
            if (operations.Count == 0)
                return true;
            foreach (var collection in operations.GroupBy(operation => operation.Collection))
                if (!await Write(inside, collection.Key, [.. collection]))
                    return false;
            await inside.Write(MongoStore.CommitsName, bulk =>
                bulk.Update(
                    new BsonWriter().Text("_id", mark),
                    new BsonWriter().Document("$set").Long("n", mine).Time("at", clock.GetUtcNow()).Close(),
                    upsert: true
                )
            );
            try
            {
                await transaction.Commit();
                return true;
            }
            catch (MongoFailure failure)
            {
                log($"The answer to a commit was lost, its mark is looked up: {failure.Message}");
            }
        }
        if (!await WasCommitted(link, mine))
            return false;
        log("The commit had been made.");
        return true;
    }

    /// <summary>One bulk write; false when a document was not as it had been read.</summary>
    static async Task<bool> Write(MongoLink link, string collection, List<MongoOperation> operations)
    {
        // One kind after the other: the server takes a command for each kind.
        var written = await link.Write(collection, bulk =>
        {
            foreach (var operation in operations.OrderBy(operation => operation.Kind))
                switch (operation.Kind)
                {
                    case OperationKind.Insert:
                        bulk.Insert(operation.Document);
                        break;
                    case OperationKind.Replace:
                        bulk.Replace(operation.Filter, operation.Document);
                        break;
                    case OperationKind.Remove:
                        bulk.Remove(operation.Filter);
                        break;
                    case OperationKind.Set:
                        bulk.Update(operation.Filter.ToArray(), operation.Document);
                        break;
                    default:
                        bulk.Update(operation.Filter, new BsonWriter().Document("$inc", operation.Document), upsert: true);
                        break;
                }
        });
        int Of(OperationKind kind) => operations.Count(operation => operation.Kind == kind);
        return written.Inserted == Of(OperationKind.Insert)
            && written.Removed == Of(OperationKind.Remove)
            && written.Matched + written.Upserted == Of(OperationKind.Replace) + Of(OperationKind.Add) + Of(OperationKind.Set);
    }

    async Task<bool> WasCommitted(MongoLink link, long asked)
    {
        var before = new BsonWriter().Text("_id", mark).Document("n").Long("$ne", asked).Close();
        var changed = await link.Write(MongoStore.CommitsName, bulk =>
            bulk.Update(before, new BsonWriter().Document("$set").Long("n", -asked).Close())
        );
        if (changed.Matched == 1)
            return false;
        var made = false;
        await link.Find(
            MongoStore.CommitsName,
            new BsonWriter().Text("_id", mark).Long("n", asked),
            _ => !(made = true),
            CancellationToken.None,
            limit: 1
        );
        return made;
    }

    public Task Idle(MongoLink link) => Task.CompletedTask;

    public Task Close(MongoLink link) => Task.CompletedTask;
}
