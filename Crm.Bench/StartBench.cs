// How long after its process began the product accepts a lead, with a large store behind it.

using System.Net;

namespace Crm.Bench;

internal static class StartBench
{
    private const double MostSeconds = 2;
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    public static async Task Run(Workbench bench, CancellationToken ending)
    {
        var folder = await bench.Product.StoreWith(bench.Options.Leads, bench.Folder, ending);
        string path;
        await using (var product = await bench.Product.StartReady("product", folder, ending))
            path = "/f/" + await Product.FormKey(product, ending);

        var seconds = new List<double>();
        for (var run = 1; run <= bench.Options.Runs; run++)
        {
            var began = bench.Time.GetTimestamp();
            await using var product = bench.Product.Start("product", folder);
            await FirstLead(bench, product, path, began, run, ending);
            seconds.Add(bench.Time.GetElapsedTime(began).TotalSeconds);
            Console.WriteLine($"  run {run}  {seconds[^1]:F2} s");
        }
        bench.Figures.AtMost("start", "process start to first lead", Figures.Median(seconds), MostSeconds, "s", [.. seconds]);
    }

    /// <summary>Posts until the answer is 2xx, as a website would whose visitor presses the button again.</summary>
    private static async Task FirstLead(Workbench bench, Server product, string path, long began, int run, CancellationToken ending)
    {
        var last = "no answer";
        while (bench.Time.GetElapsedTime(began) < Patience)
        {
            product.ThrowIfEnded();
            try
            {
                using var request = new HttpRequestMessage(HttpMethod.Post, path)
                {
                    Content = new FormUrlEncodedContent(
                        new Dictionary<string, string>
                        {
                            ["name"] = $"Primeira Visita {run}",
                            ["email"] = $"primeira.{began}@mail.example.com",
                            ["message"] = "Bom dia, gostaria de um contato.",
                        }
                    ),
                };
                request.Headers.Accept.ParseAdd("application/json");
                using var answer = await product.Http.SendAsync(request, ending);
                if (answer.IsSuccessStatusCode)
                    return;
                last = $"status {(int)answer.StatusCode}";
                // Not yet (503) may become yes; any other refusal will stay one.
                if (answer.StatusCode != HttpStatusCode.ServiceUnavailable)
                    break;
            }
            catch (HttpRequestException)
            { /* Not listening yet. */
            }
            await Task.Delay(TimeSpan.FromMilliseconds(5), bench.Time, ending);
        }
        throw new BenchException($"The product accepted no lead: {last}. Its last lines:\n{product.LastLines}");
    }
}
