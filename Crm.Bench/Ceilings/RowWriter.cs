// One thread that owns the write connection of ceilings A and B: a row per body, a commit per row or per all that wait.

using SQLitePCL;

namespace Crm.Bench.Ceilings;

/// <summary>Stores bodies durably; the task of <see cref="Store"/> ends after the commit that holds the row.</summary>
internal sealed class RowWriter : IDisposable
{
    private readonly Queue<(byte[] Body, TaskCompletionSource Done)> _waiting = new();
    private readonly Thread _thread;
    private readonly string _path;
    private readonly int _mostPerCommit;
    private bool _ending;

    public RowWriter(string path, int mostPerCommit)
    {
        _path = path;
        _mostPerCommit = mostPerCommit;
        _thread = new Thread(WriteUntilEnd) { Name = "row writer" };
        _thread.Start();
    }

    public Task Store(byte[] body)
    {
        var done = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        lock (_waiting)
        {
            _waiting.Enqueue((body, done));
            if (_waiting.Count == 1)
                Monitor.Pulse(_waiting);
        }
        return done.Task;
    }

    public void Dispose()
    {
        lock (_waiting)
        {
            _ending = true;
            Monitor.Pulse(_waiting);
        }
        _thread.Join();
    }

    private void WriteUntilEnd()
    {
        using var db = Raw.Open(_path);
        Raw.Run(db, "CREATE TABLE IF NOT EXISTS rows(id INTEGER PRIMARY KEY, body BLOB NOT NULL)");
        using var begin = Raw.Prepare(db, "BEGIN IMMEDIATE");
        using var insert = Raw.Prepare(db, "INSERT INTO rows(body) VALUES(?)");
        using var commit = Raw.Prepare(db, "COMMIT");
        var batch = new List<(byte[] Body, TaskCompletionSource Done)>();
        while (TakeBatch(batch))
        {
            // A failure here is the end of the process, on purpose: a ceiling that loses rows measures nothing.
            if (_mostPerCommit > 1)
                Raw.Step(db, begin);
            foreach (var (body, _) in batch)
            {
                Raw.Check(raw.sqlite3_bind_blob(insert, 1, body), db);
                Raw.Step(db, insert);
            }
            if (_mostPerCommit > 1)
                Raw.Step(db, commit);
            foreach (var (_, done) in batch)
                done.SetResult();
            batch.Clear();
        }
    }

    private bool TakeBatch(List<(byte[] Body, TaskCompletionSource Done)> batch)
    {
        lock (_waiting)
        {
            while (_waiting.Count == 0)
            {
                if (_ending)
                    return false;
                Monitor.Wait(_waiting);
            }
            while (batch.Count < _mostPerCommit && _waiting.TryDequeue(out var next))
                batch.Add(next);
            return true;
        }
    }
}
