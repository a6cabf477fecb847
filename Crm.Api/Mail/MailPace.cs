// How many mails a node sends to one domain of recipients in a minute: providers refuse whoever comes with too many at once.

using System.Collections.Concurrent;
using Crm.Domain.Stores;

namespace Crm.Api.Mail;

public sealed class MailPace(TimeProvider clock)
{
    /// <summary>Lanes that are remembered before those that are over are forgotten.</summary>
    const int MostLanes = 10_000;

    static readonly TimeSpan Window = TimeSpan.FromMinutes(1);

    sealed class Lane
    {
        public long Began;
        public long Count;
    }

    readonly ConcurrentDictionary<(Id Sender, string Domain), Lane> lanes = new();

    /// <summary>Counts one mail, or says how long it waits for the next minute; null: it may go.</summary>
    public TimeSpan? MustWait(Id sender, string domain, long most)
    {
        if (lanes.Count > MostLanes)
            foreach (var (key, old) in lanes)
                if (clock.GetElapsedTime(old.Began) >= Window)
                    lanes.TryRemove(key, out _);
        var lane = lanes.GetOrAdd((sender, domain), _ => new() { Began = clock.GetTimestamp() });
        lock (lane)
        {
            var since = clock.GetElapsedTime(lane.Began);
            if (since >= Window)
                (lane.Began, lane.Count, since) = (clock.GetTimestamp(), 0, TimeSpan.Zero);
            if (lane.Count >= most)
                return Window - since;
            lane.Count++;
            return null;
        }
    }
}
