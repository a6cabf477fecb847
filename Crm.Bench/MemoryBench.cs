// How much memory the product holds when it has a large store behind it and minutes of capture in it.

namespace Crm.Bench;

internal static class MemoryBench
{
    private const double MostMegabytes = 300;
    private const long LeastFreeBytes = 2_000_000_000;

    public static async Task Run(Workbench bench, CancellationToken ending)
    {
        var loaded = await bench.Product.StoreWith(bench.Options.Leads, bench.Folder, ending);
        // A copy: the loaded store stays as it was for the other benches.
        var folder = await bench.NewFolder("memory", ending);
        foreach (var file in Directory.EnumerateFiles(loaded))
            File.Copy(file, Path.Combine(folder, Path.GetFileName(file)));
        await Measure(bench, folder, ending);
    }

    private static async Task Measure(Workbench bench, string folder, CancellationToken ending)
    {
        await using var product = await bench.Product.StartReady("product", folder, ending);
        var path = "/f/" + await Product.FormKey(product, ending);
        bench.Figures.Note("memory", "resident after start", Megabytes(product.Resident), "MB");

        using var full = CancellationTokenSource.CreateLinkedTokenSource(ending);
        var capture = bench.Wrk.Capture(product, path, bench.Options.Minutes * 60, full.Token);
        var samples = new List<double>();
        while (!capture.IsCompleted)
        {
            await Task.WhenAny(capture, Task.Delay(TimeSpan.FromSeconds(1), bench.Time, CancellationToken.None));
            samples.Add(Megabytes(product.Resident));
            if (samples.Count % 60 == 0)
                Console.WriteLine($"  after {samples.Count / 60} min: {samples[^1]:F0} MB");
            // Minutes of capture write gigabytes; a full disk would harm more than this bench.
            if (new DriveInfo(folder).AvailableFreeSpace < LeastFreeBytes && !full.IsCancellationRequested)
            {
                Console.WriteLine($"  less than {LeastFreeBytes / 1e9:F0} GB free in {folder}: giving up");
                await full.CancelAsync();
            }
        }
        Load load;
        try
        {
            load = await capture;
        }
        catch (OperationCanceledException) when (!ending.IsCancellationRequested)
        {
            throw new BenchException("The disk is too small for so many minutes of capture: use --data or fewer --minutes.");
        }

        bench.Figures.Note("memory", "captured meanwhile", load.Requests, "leads");
        bench.Figures.Note("memory", "highest resident", samples.Max(), "MB");
        bench.Figures.Below(
            "memory",
            $"resident after {bench.Options.Leads:N0} leads and {bench.Options.Minutes:0.##} min",
            samples[^1],
            MostMegabytes,
            "MB"
        );
    }

    private static double Megabytes(long bytes) => bytes / 1e6;
}
