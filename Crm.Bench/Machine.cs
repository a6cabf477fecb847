// The machine that the figures belong to, since an absolute figure without it says nothing.

using System.Globalization;
using System.Runtime.InteropServices;

namespace Crm.Bench;

/// <summary>Cores, processor, memory, kernel, runtime, file system of the data, and when.</summary>
internal sealed record Machine(string Date, int Cores, string Cpu, string Memory, string Kernel, string Runtime, string DataDisk)
{
    public static Machine Here(TimeProvider time, string data) =>
        new(
            time.GetUtcNow().ToString("yyyy-MM-dd HH:mm 'UTC'", CultureInfo.InvariantCulture),
            Environment.ProcessorCount,
            FirstLine("/proc/cpuinfo", "model name"),
            FirstLine("/proc/meminfo", "MemTotal"),
            $"{RuntimeInformation.OSDescription} {RuntimeInformation.OSArchitecture}",
            RuntimeInformation.FrameworkDescription,
            new DriveInfo(data).DriveFormat
        );

    public void Print() => Console.WriteLine($"{Date} | {Cores} cores, {Cpu} | {Memory} | {Kernel} | {Runtime} | data on {DataDisk}");

    /// <summary>
    /// Processor time so far, in the kernel's hundredths of a second: all that the machine has, what its host gave to other
    /// machines, what ran here, and the part of that which was this process or a child of it that has ended (wrk).
    /// </summary>
    public static (double All, double Stolen, double Busy, double Own) Ticks()
    {
        if (!File.Exists("/proc/stat"))
            return default;
        // cpu user nice system idle iowait irq softirq steal (guest times are part of user and nice)
        var cpu = Numbers(File.ReadLines("/proc/stat").First(), 1, 8);
        // After the name in brackets, which may hold blanks: state, ten more, utime stime cutime cstime.
        var self = File.ReadAllText("/proc/self/stat");
        var own = Numbers(self[(self.LastIndexOf(')') + 1)..], 11, 4);
        return (cpu.Sum(), cpu[7], cpu[0] + cpu[1] + cpu[2] + cpu[5] + cpu[6], own.Sum());
    }

    private static double[] Numbers(string line, int skip, int take) =>
        [
            .. line.Split(' ', StringSplitOptions.RemoveEmptyEntries)
                .Skip(skip)
                .Take(take)
                .Select(t => double.Parse(t, CultureInfo.InvariantCulture)),
        ];

    private static string FirstLine(string file, string key)
    {
        if (!File.Exists(file))
            return "unknown";
        var line = File.ReadLines(file).FirstOrDefault(l => l.StartsWith(key, StringComparison.Ordinal));
        return line?[(line.IndexOf(':') + 1)..].Trim() ?? "unknown";
    }
}
