// Fills a store with as many leads, customers, purchases and touches as are asked for, as the product itself stores them: the same
// records, events, keys and counters, in large commits. What runs over a million of them starts here.

using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using Crm.Api.Startup;
using Crm.Domain;
using Crm.Domain.Customers;
using Crm.Domain.Forms;
using Crm.Domain.Leads;
using Crm.Domain.Resources;
using Crm.Domain.Stores;
using Crm.Domain.Touches;
using Crm.Domain.Values;
using Crm.Domain.Work;

namespace Crm.Bench;

/// <summary>The arguments of <c>load</c>. Touches and purchases go round the leads and customers, so that each has as many as the
/// next.</summary>
internal sealed record BigStoreSize(long Leads, long Customers, long Purchases, long Touches)
{
    public string Name => string.Create(CultureInfo.InvariantCulture, $"load-{Leads}-{Customers}-{Purchases}-{Touches}");

    /// <summary>Where the store of this size is kept.</summary>
    public string FolderIn(string data) => Path.Combine(data, "crm-bench", Name);
}

internal sealed class BigStore(Installation installation, WorkspaceSettings settings, BigStoreSize size)
{
    /// <summary>Records in one commit, their events not counted.</summary>
    private const int Batch = 2_000;

    private const string Usage = """
        dotnet run --project Crm.Bench -c Release -- load --leads N [--customers N] [--purchases N] [--touches N] [--data FOLDER] [--store URL]

          --customers N    of the leads (at most as many); 0 unless it is said, like the others
          --data FOLDER    where the store lies (/var/tmp): FOLDER/crm-bench/load-..., kept for the next run, which says where it is
          --store URL      into this store instead, as ConnectionStrings__Crm names it; it must be empty
        """;

    private static readonly string[] First = ["Ana", "Bruno", "Carla", "Diego", "Elisa", "Felipe", "Inês", "João", "Karin", "Zoë"];
    private static readonly string[] Last = ["Silva", "Souza", "Costa", "Müller", "García", "Rossi", "Dubois", "Smith", "Kowalski", "Lima"];
    private static readonly string[] Channels = ["direct", "organic-search", "paid-search", "email", "referral", "paid-social"];
    private static readonly LeadStatus[] Statuses = [LeadStatus.New, LeadStatus.New, LeadStatus.Working, LeadStatus.Qualified];

    /// <summary>Who looks after the leads; without them nobody does.</summary>
    public IReadOnlyList<Id> Owners { get; init; } = [];

    /// <summary>The form that the leads sent. With it there are entries too, one for ten leads, some of which wait.</summary>
    public Id? Form { get; init; }

    private readonly DateTimeOffset _end = TextRules.ToMillisecond(installation.Now.AddMinutes(-1));
    private long _documents;

    public static async Task<int> Run(string[] args)
    {
        var (numbers, data, store) = (new Dictionary<string, long>(), "/var/tmp", (string?)null);
        for (var i = 0; i < args.Length; i += 2)
            if (i + 1 == args.Length)
                return Refuse($"{args[i]} needs a value.");
            else if (args[i] is "--leads" or "--customers" or "--purchases" or "--touches")
            {
                if (!long.TryParse(args[i + 1], NumberStyles.None, CultureInfo.InvariantCulture, out var n) || n > 100_000_000)
                    return Refuse($"{args[i]} needs a whole number up to 100000000.");
                numbers[args[i]] = n;
            }
            else if (args[i] == "--data")
                data = Path.GetFullPath(args[i + 1]);
            else if (args[i] == "--store")
                store = args[i + 1];
            else
                return Refuse($"Unknown option {args[i]}.");
        var size = new BigStoreSize(
            numbers.GetValueOrDefault("--leads"),
            numbers.GetValueOrDefault("--customers"),
            numbers.GetValueOrDefault("--purchases"),
            numbers.GetValueOrDefault("--touches")
        );
        if (size.Leads == 0 || size.Customers > size.Leads || (size.Purchases > 0 && size.Customers == 0))
            return Refuse("Say how many --leads, at least as many as --customers; purchases need customers.");
        var folder = size.FolderIn(data);
        if (store is null)
        {
            if (File.Exists(Path.Combine(folder, "loaded")))
            {
                Console.WriteLine($"{Path.Combine(folder, "crm.db")} is loaded already.");
                return 0;
            }
            // Half a load, left by a run that was broken off, must not pass for a whole one.
            if (Directory.Exists(folder))
                Directory.Delete(folder, recursive: true);
            Directory.CreateDirectory(folder);
        }
        var name = store ?? $"sqlite:{Path.Combine(folder, "crm.db")}";
        var began = Stopwatch.GetTimestamp();
        long documents;
        await using (var opened = Stores.Make(name, "/", TimeProvider.System, null))
        {
            var installation = await Installation.Open(opened, CrmCatalog.Standard, TimeProvider.System, default);
            await FirstStart.Ensure(installation, Product.AdminKey);
            var big = new BigStore(installation, await installation.Settings.Workspace(FirstStart.Default, default), size);
            await big.Fill();
            documents = big._documents;
        }
        if (store is null)
            await File.WriteAllTextAsync(Path.Combine(folder, "loaded"), "");
        var took = Stopwatch.GetElapsedTime(began);
        Console.WriteLine(
            $"{documents:N0} documents in {took.TotalSeconds:F1} s, {documents / took.TotalSeconds:N0} a second. Store: {name}, key: {Product.AdminKey}"
        );
        return 0;
    }

    private static int Refuse(string because)
    {
        Console.Error.WriteLine(because + "\n" + Usage);
        return 2;
    }

    public async Task Fill()
    {
        // One makes, the store writes; a few commits under way at once share a sync.
        using var waiting = new BlockingCollection<(List<Change> Changes, int Documents)>(3);
        var making = Task.Run(() =>
        {
            try
            {
                foreach (var batch in Batches())
                    waiting.Add(batch);
            }
            finally
            {
                waiting.CompleteAdding();
            }
        });
        var said = Stopwatch.GetTimestamp();
        foreach (var (changes, documents) in waiting.GetConsumingEnumerable())
        {
            var result = await settings.Store.Commit(changes, default);
            if (!result.Committed)
                throw new BenchException($"The store is not empty: {result.Conflicts[0].Kind} {result.Conflicts[0].Field}.");
            _documents += documents;
            if (Stopwatch.GetElapsedTime(said) < TimeSpan.FromSeconds(30))
                continue;
            said = Stopwatch.GetTimestamp();
            Console.WriteLine($"  {_documents:N0} documents");
        }
        await making;
    }

    /// <summary>Leads with their customers first, in the order of a year; then what these bought and what all of them did.</summary>
    private IEnumerable<(List<Change>, int)> Batches()
    {
        var (leads, customers) = (new Id[size.Leads], new Id[size.Customers]);
        foreach (var batch in InBatches(size.Leads, (work, n) => AddLead(work, n, leads, customers)))
            yield return batch;
        if (Form is { } form)
            foreach (var batch in InBatches(size.Leads / 10, (work, n) => AddEntry(work, n, form, leads)))
                yield return batch;
        foreach (var batch in InBatches(size.Purchases, (work, n) => AddPurchase(work, n, customers)))
            yield return batch;
        foreach (var batch in InBatches(size.Touches, (work, n) => AddTouch(work, n, leads)))
            yield return batch;
    }

    private IEnumerable<(List<Change>, int)> InBatches(long count, Action<UnitOfWork, long> add)
    {
        for (var first = 0L; first < count; first += Batch)
        {
            var (changes, counters) = (new List<Change>(Batch * 3), new Dictionary<string, long>(StringComparer.Ordinal));
            for (var n = first; n < Math.Min(first + Batch, count); n++)
            {
                var at = TextRules.ToMillisecond(_end.AddDays(-365) + TimeSpan.FromDays(365) * ((double)n / count));
                var work = new UnitOfWork(installation, settings, "system", at);
                add(work, n);
                foreach (var change in work.Changes)
                    if (change is Change.Increment { InInstallation: false } counter)
                        counters[counter.Counter] = counters.GetValueOrDefault(counter.Counter) + counter.By;
                    else
                        changes.Add(change);
            }
            var documents = changes.Count(change => change is Change.Insert or Change.Append);
            // The records of a commit share most of their counters.
            changes.AddRange(counters.Select(counter => new Change.Increment(counter.Key, counter.Value)));
            yield return (changes, documents);
        }
    }

    private void AddLead(UnitOfWork work, long n, Id[] leads, Id[] customers)
    {
        var (first, last) = (First[n % First.Length], Last[n / First.Length % Last.Length]);
        var channel = Channels[n % Channels.Length];
        var buys = n < customers.Length;
        var customer = buys ? work.NextId() : Id.Empty;
        var touch = new LeadTouch
        {
            At = work.Now,
            Channel = channel,
            Page = "https://www.silva.example.org/contact",
        };
        var lead = work.Insert(
            new Lead
            {
                Id = leads[n] = work.NextId(),
                FirstName = first,
                LastName = last,
                Company = $"Company {n % 50_000}",
                Interest = "Solar panels",
                Status = buys ? LeadStatus.Converted : Statuses[n % Statuses.Length],
                Score = n * 37 % 100,
                Emails = [new() { Address = $"person.{n}@silva.example.org", Primary = true }],
                Phones = [new() { Number = string.Create(CultureInfo.InvariantCulture, $"+4930{n:D8}"), Primary = true }],
                Language = n % 3 == 0 ? "de" : "pt-BR",
                // The first member has none of the new ones, and nobody has a third of the others.
                Owner =
                    Owners.Count == 0 || n % 3 == 0 ? null
                    : n % Statuses.Length == 3 ? Owners[0]
                    : Owners[1 + (int)(n / 4 % (Owners.Count - 1))],
                Tags = Form is null ? [] : [.. TagsOf(n)],
                Source = new()
                {
                    Form = Form,
                    Credit = new(null, null, null, channel),
                    Page = touch.Page,
                },
                FirstTouch = touch,
                LastTouch = touch,
                Customer = buys ? customer : null,
                Provenance =
                [
                    new()
                    {
                        By = "system",
                        At = work.Now,
                        Fields = ["emails", "phones", "firstName", "lastName", "company", "interest"],
                    },
                ],
            }
        );
        if (!buys)
            return;
        customers[n] = customer;
        work.Insert(ConvertLead.CustomerOf(lead, CustomerKind.Person, work) with { Id = customer });
    }

    private static IEnumerable<string> TagsOf(long n)
    {
        if (n % 10 == 0)
            yield return "fair";
        if (n % 1000 == 1)
            yield return "roof";
        if (n < 5000)
            yield return "import";
    }

    /// <summary>Nine of ten were taken, one was put away as spam; of these some wait.</summary>
    private static void AddEntry(UnitOfWork work, long n, Id form, Id[] leads) =>
        work.Insert(
            new Submission
            {
                Form = form,
                Verdict =
                    n % 10 != 9 ? Verdict.Accepted
                    : n % 2000 == 9 ? Verdict.Quarantined
                    : Verdict.Rejected,
                Reason =
                    n % 10 != 9 ? null
                    : n % 2000 == 9 ? "too_fast"
                    : Submission.SpamReason,
                Lead = n % 10 != 9 ? leads[n * 10] : null,
                Fields = JsonData.From(JsonSerializer.SerializeToElement(new { name = $"Person {n}", message = "Please call." })),
            },
            null
        );

    private static void AddPurchase(UnitOfWork work, long n, Id[] customers) =>
        work.Insert(
            new Purchase
            {
                Customer = customers[n % customers.Length],
                OrderId = string.Create(CultureInfo.InvariantCulture, $"L-{n + 1}"),
                PurchasedAt = work.Now,
                Lines = [new() { Product = $"Product {n % 200}", Quantity = 1 + n % 3 }],
                Total = new() { Amount = 1_000 + n * 7_919 % 90_000, Currency = n % 10 == 0 ? "BRL" : "EUR" },
            }
        );

    private static void AddTouch(UnitOfWork work, long n, Id[] leads) =>
        work.Insert(
            new Touch
            {
                Kind = n % 20 == 0 ? TouchKind.Call : TouchKind.PageView,
                Lead = leads[n % leads.Length],
                At = work.Now,
                Human = true,
                Page = n % 20 == 0 ? null : "https://www.silva.example.org/prices",
            },
            null
        );
}
