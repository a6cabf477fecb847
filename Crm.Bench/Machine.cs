// The machine that the figures belong to, since an absolute figure without it says nothing.

using System.Globalization;
using System.Runtime.InteropServices;

namespace Crm.Bench;

/// <summary>Cores, processor, memory, kernel, runtime, file system of the data, and when.</summary>
internal sealed record Machine(string Date, int Cores, string Cpu, string Memory, string Kernel, string Runtime, string DataDisk)
{
    public static Machine Here(TimeProvider time, string data) => new(
        time.GetUtcNow().ToString("yyyy-MM-dd HH:mm 'UTC'", CultureInfo.InvariantCulture),
        Environment.ProcessorCount,
        FirstLine("/proc/cpuinfo", "model name"),
        FirstLine("/proc/meminfo", "MemTotal"),
        $"{RuntimeInformation.OSDescription} {RuntimeInformation.OSArchitecture}",
        RuntimeInformation.FrameworkDescription,
        new DriveInfo(data).DriveFormat);

    public void Print() => Console.WriteLine(
        $"{Date} | {Cores} cores, {Cpu} | {Memory} | {Kernel} | {Runtime} | data on {DataDisk}");

    /// <summary>
    /// Processor time of the whole machine so far, in ticks: all of it, and the part that the host gave to others. Where the
    /// second grows by more than a few percent of the first, absolute figures are the neighbours' and only ratios hold.
    /// </summary>
    public static (double All, double Stolen) Ticks()
    {
        if (!File.Exists("/proc/stat")) return (0, 0);
        // cpu user nice system idle iowait irq softirq steal (guest times are part of user and nice)
        var ticks = File.ReadLines("/proc/stat").First().Split(' ', StringSplitOptions.RemoveEmptyEntries)[1..9]
            .Select(t => double.Parse(t, CultureInfo.InvariantCulture)).ToArray();
        return (ticks.Sum(), ticks[7]);
    }

    private static string FirstLine(string file, string key)
    {
        if (!File.Exists(file)) return "unknown";
        var line = File.ReadLines(file).FirstOrDefault(l => l.StartsWith(key, StringComparison.Ordinal));
        return line?[(line.IndexOf(':') + 1)..].Trim() ?? "unknown";
    }
}
