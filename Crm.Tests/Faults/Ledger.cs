// What was posted and what was acknowledged: written down and flushed before it counts, and compared with what the product has.

using System.Globalization;

namespace Crm.Tests.Faults;

public enum PostKind
{
    /// <summary>Becomes a lead, or goes into the one with the same e-mail address.</summary>
    Person,

    /// <summary>Filled the field that people do not see: acknowledged, kept in quarantine.</summary>
    Robot,

    /// <summary>Without a valid e-mail address: refused with 422, kept as rejected.</summary>
    Invalid,
}

/// <summary>One post. The same key is always the same post, however often it is sent.</summary>
public sealed record Post(string Key, PostKind Kind, string Email, string? Phone)
{
    public FormUrlEncodedContent Body()
    {
        var fields = new Dictionary<string, string>
        {
            ["name"] = "Kill " + Key,
            ["email"] = Email,
            ["message"] = "Sent with the key " + Key,
        };
        if (Phone is not null)
            fields["phone"] = Phone;
        if (Kind == PostKind.Robot)
            fields["_gotcha"] = "https://spam.example.org";
        return new(fields);
    }
}

/// <summary>The driver's own book, in a file beside the database.</summary>
public sealed class Ledger : IDisposable
{
    readonly Lock gate = new();
    readonly StreamWriter file;
    readonly Dictionary<string, Post> sent = [];
    readonly Dictionary<string, string> acknowledged = [];
    readonly HashSet<string> refused = [];
    readonly List<string> wrong = [];

    public Ledger(string path) => file = new(path) { AutoFlush = true };

    /// <summary>
    /// Behind a front that gives a stopped node up, a try can break off on its way. What came of it is kept as rejected (body_malformed),
    /// beside the entry of the retry.
    /// </summary>
    public bool TriesMayBreakOff { get; init; }

    public void Dispose() => file.Dispose();

    public int Sent => Locked(() => sent.Count);

    /// <summary>Distinct posts that were answered with 2xx.</summary>
    public int Acknowledged => Locked(() => acknowledged.Count);

    public int Refused => Locked(() => refused.Count);

    /// <summary>Posts of which nobody knows whether they were taken.</summary>
    public IReadOnlyList<Post> InDoubt =>
        Locked(() => (IReadOnlyList<Post>)[.. sent.Values.Where(p => !acknowledged.ContainsKey(p.Key) && !refused.Contains(p.Key))]);

    public IReadOnlyList<(Post Post, string Submission)> Receipts =>
        Locked(() => (IReadOnlyList<(Post, string)>)[.. acknowledged.Select(a => (sent[a.Key], a.Value))]);

    /// <summary>What contradicts a promise already by the answers alone.</summary>
    public IReadOnlyList<string> Wrong => Locked(() => (IReadOnlyList<string>)[.. wrong]);

    T Locked<T>(Func<T> read)
    {
        lock (gate)
            return read();
    }

    public void Sending(Post post)
    {
        lock (gate)
            sent[post.Key] = post;
    }

    /// <summary>A 2xx came, whole. Flushed to the file before it counts.</summary>
    public void Acknowledge(Post post, string submission)
    {
        lock (gate)
        {
            file.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{post.Key}\t{submission}\t{post.Email}"));
            if (!acknowledged.TryAdd(post.Key, submission) && acknowledged[post.Key] != submission)
                wrong.Add($"The key {post.Key} was answered with {acknowledged[post.Key]} and with {submission}.");
        }
    }

    /// <summary>A 422 came: it was read and judged, so it is kept too.</summary>
    public void Refuse(Post post)
    {
        lock (gate)
        {
            refused.Add(post.Key);
            if (post.Kind != PostKind.Invalid)
                wrong.Add($"{post.Key} ({post.Kind}) was refused.");
        }
    }

    public void Complain(string sentence)
    {
        lock (gate)
            if (wrong.Count < 100)
                wrong.Add(sentence);
    }

    /// <summary>Every sentence is a broken promise; none is what must come out.</summary>
    public IReadOnlyList<string> Compare(Inventory inventory)
    {
        lock (gate)
        {
            var broken = new List<string>(wrong);
            var all = inventory.Submissions.Select(s => s.Id).ToHashSet();
            var submissions = inventory
                .Submissions.Where(s => !TriesMayBreakOff || s is not { Verdict: "rejected", Reason: "body_malformed" })
                .ToList();
            var byId = submissions.ToDictionary(s => s.Id);
            var byKey = submissions.ToLookup(s => s.Key);
            var leads = inventory.Leads.ToDictionary(l => l.Id);
            var created = inventory.Events.Where(e => e.Types.Contains("lead.created")).ToLookup(e => e.Subject);
            var told = inventory.Events.Where(e => e.Verdict is not null).ToLookup(e => e.Submission);

            foreach (var (key, id) in acknowledged)
                if (!byId.TryGetValue(id, out var entry))
                    broken.Add($"LOST: {id} was acknowledged (key {key}) and is not there.");
                else if (entry.Key != key)
                    broken.Add($"{id} was acknowledged for the key {key} and has the key {entry.Key}.");
            foreach (var key in refused)
                if (!byKey[key].Any())
                    broken.Add($"LOST: the post {key} was refused with 422 and is not kept.");

            foreach (var same in byKey)
            {
                if (same.Key is null || !sent.TryGetValue(same.Key, out var post))
                    broken.Add($"{same.First().Id} has the key {same.Key}, which nobody sent.");
                else if (post.Kind != PostKind.Invalid && same.Count() > 1)
                    broken.Add(
                        $"DOUBLED: the key {same.Key} is there {same.Count()} times: {string.Join(", ", same.Select(entry => $"{entry.Id} {entry.Verdict} {entry.Reason}"))}."
                    );
            }

            foreach (var entry in submissions)
            {
                if (entry.Key is null || !sent.TryGetValue(entry.Key, out var post))
                    continue;
                string[] may = post.Kind switch
                {
                    PostKind.Person => ["accepted", "merged"],
                    PostKind.Robot => ["quarantined"],
                    _ => ["rejected"],
                };
                if (!may.Contains(entry.Verdict))
                    broken.Add($"{entry.Id} ({post.Kind}) is {entry.Verdict}{(entry.Reason is null ? "" : $" ({entry.Reason})")}.");
                if (told[entry.Id].Count(e => e.Verdict == "submission." + entry.Verdict) != 1 || told[entry.Id].Count() != 1)
                    broken.Add($"{entry.Id} ({entry.Verdict}) has the events {string.Join(", ", told[entry.Id].Select(e => e.Verdict))}.");
                if (post.Kind != PostKind.Person)
                    continue;
                if (entry.Lead is null || !leads.TryGetValue(entry.Lead, out var lead))
                    broken.Add($"{entry.Id} was {entry.Verdict} into {entry.Lead ?? "no lead"}, which is not there.");
                else if (!lead.Emails.Contains(post.Email))
                    broken.Add($"{entry.Id} of {post.Email} went into {lead.Id} of {string.Join(", ", lead.Emails)}.");
                if (entry.MadeLead != (entry.Verdict == "accepted"))
                    broken.Add($"{entry.Id} is {entry.Verdict}, but madeLead is {entry.MadeLead}.");
            }

            foreach (
                var person in inventory
                    .Leads.SelectMany(l => l.Emails.Select(e => (Email: e, l.Id)))
                    .GroupBy(p => p.Email)
                    .Where(g => g.Count() > 1)
            )
                broken.Add($"DOUBLED: {person.Key} is {person.Count()} leads.");
            foreach (var lead in inventory.Leads)
            {
                var births = created[lead.Id].ToList();
                if (births.Count != 1)
                    broken.Add($"{lead.Id} has {births.Count} lead.created events.");
                else if (
                    births[0].Submission is not { } maker
                    || !byId.TryGetValue(maker, out var entry)
                    || entry.Lead != lead.Id
                    || !entry.MadeLead
                )
                    broken.Add($"{lead.Id} was made by {births[0].Submission ?? "nothing"}, which is not there or does not say so.");
            }
            foreach (var orphan in created.Where(c => !leads.ContainsKey(c.Key)))
                broken.Add($"{orphan.Key} was told as created and is not there.");
            foreach (var orphan in told.Where(t => t.Key is null || !all.Contains(t.Key)))
                broken.Add($"{orphan.Key} was told as {orphan.First().Verdict} and is not there.");
            foreach (var story in inventory.Events.GroupBy(e => e.Workspace))
                if (!story.Select(e => e.Position).Order().SequenceEqual(Enumerable.Range(1, story.Count()).Select(n => (long?)n)))
                    broken.Add($"The {story.Count()} events of workspace {story.Key} are not numbered from 1 without gaps.");
            return broken;
        }
    }
}
