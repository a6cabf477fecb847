// Measures what a document costs on this side of the wire; for the bench.

using System.Diagnostics;
using Crm.Domain.Stores;

namespace Crm.Storage.Mongo;

public static class MongoCost
{
    /// <summary>Microseconds of the processor to make BSON of a document, and to take identity, version, JSON and keys out of it again; the mean of many rounds.</summary>
    public static (double Writing, double Reading) PerDocument(Document[] documents, TimeSpan each)
    {
        var plan = new MongoPlan(documents[0].Collection);
        var rows = documents.Select(document => plan.Encode(1, document).Bson).ToArray();
        long sum = 0;
        var writing = Mean(i => sum += plan.Encode(1, documents[i]).Bson.Length);
        var page = new Page(documents.Length);
        var reading = Mean(i =>
        {
            var row = MongoDocument.Read(rows[i]);
            if (i == 0)
            {
                page.Dispose();
                page = new(documents.Length);
            }
            page.Add(row.Id, row.Version, row.Json);
            sum += row.Keys.Length;
        });
        page.Dispose();
        GC.KeepAlive(sum);
        return (writing, reading);

        double Mean(Action<int> act)
        {
            Rounds(TimeSpan.FromSeconds(0.5)); // The compiler's warm-up.
            return Rounds(each);

            double Rounds(TimeSpan length)
            {
                // Processor time: what else runs on the machine does not count.
                var (watch, before, count) = (Stopwatch.StartNew(), Environment.CpuUsage.TotalTime, 0L);
                for (; watch.Elapsed < length; count += documents.Length)
                for (var i = 0; i < documents.Length; i++)
                    act(i);
                return (Environment.CpuUsage.TotalTime - before).TotalMicroseconds / count;
            }
        }
    }
}
