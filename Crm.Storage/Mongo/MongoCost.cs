// Measures what a document costs on this side of the wire; for the bench.

using System.Diagnostics;
using Crm.Domain.Stores;

namespace Crm.Storage.Mongo;

public static class MongoCost
{
    /// <summary>
    /// Microseconds of the processor to make BSON of a document, and to take identity, version, JSON and keys out of it again; the best of
    /// ten turns.
    /// </summary>
    public static (double Writing, double Reading) PerDocument(Document[] documents, TimeSpan each)
    {
        var plan = new MongoPlan(documents[0].Collection);
        var rows = documents.Select(document => plan.Encode(1, document).Bson).ToArray();
        long sum = 0;
        var writing = Least(i => sum += plan.Encode(1, documents[i]).Bson.Length);
        var page = new Page(documents.Length);
        var reading = Least(i =>
        {
            var row = MongoDocument.Read(rows[i]);
            if (i == 0)
            {
                page.Dispose();
                page = new(documents.Length);
            }
            page.Add(row.Id, row.Version, row.Json, row.Members);
            sum += row.Keys.Length;
        });
        page.Dispose();
        GC.KeepAlive(sum);
        return (writing, reading);

        // The least of several turns in processor time: what else runs on the machine, and what is compiled meanwhile, does not count.
        double Least(Action<int> act) => Enumerable.Range(0, 10).Min(_ => Mean(act, each / 10));

        double Mean(Action<int> act, TimeSpan length)
        {
            var (watch, before, count) = (Stopwatch.StartNew(), Environment.CpuUsage.TotalTime, 0L);
            for (; watch.Elapsed < length; count += documents.Length)
            for (var i = 0; i < documents.Length; i++)
                act(i);
            return (Environment.CpuUsage.TotalTime - before).TotalMicroseconds / count;
        }
    }
}
