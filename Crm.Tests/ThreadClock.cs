// The processor time of one thread: what a call costs, whatever else the machine does meanwhile.

using System.Runtime.InteropServices;

namespace Crm.Tests;

static class ThreadClock
{
    /// <summary>Of the calling thread so far.</summary>
    public static TimeSpan Now
    {
        get
        {
            const int threadClock = 3;
            _ = ReadClock(threadClock, out var now);
            return new(now.Seconds * TimeSpan.TicksPerSecond + now.Nanoseconds / 100);
        }
    }

    [StructLayout(LayoutKind.Sequential)]
    readonly struct Clock
    {
        public readonly long Seconds,
            Nanoseconds;
    }

    [DllImport("libc", EntryPoint = "clock_gettime")]
    static extern int ReadClock(int clock, out Clock now);
}
