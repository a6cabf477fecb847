// Fills a store with a year of clicks, page events, leads and sales, as the product itself stores them: the same records, the same
// counters, in large commits.

using System.Collections.Concurrent;
using Crm.Api.Startup;
using Crm.Domain;
using Crm.Domain.Affiliates;
using Crm.Domain.Campaigns;
using Crm.Domain.Commissions;
using Crm.Domain.Conversions;
using Crm.Domain.Forms;
using Crm.Domain.Leads;
using Crm.Domain.Links;
using Crm.Domain.Resources;
using Crm.Domain.Stores;
using Crm.Domain.Touches;
using Crm.Domain.Values;
using Crm.Domain.Work;

namespace Crm.Bench;

/// <summary>Of a hundred touches 61 are clicks (6 of them robots'), 22 pages, 10 views and 4 starts of forms, 3 opened e-mails; each
/// hundredth brings a lead, each fifth of these buys.</summary>
internal sealed class YearOfTouches(Installation installation, WorkspaceSettings settings)
{
    /// <summary>Touches in one commit.</summary>
    private const int Batch = 2_000;

    private const int Campaigns = 20,
        Affiliates = 20,
        Forms = 10;
    private const string Browser = "Mozilla/5.0 (X11; Linux x86_64; rv:145.0) Gecko/20100101 Firefox/145.0";
    private static readonly string[] Channels =
    [
        "paid-search",
        "email",
        "paid-social",
        "affiliates",
        "organic-social",
        "referral",
        "offline",
        "paid-video",
    ];

    private readonly DateTimeOffset _end = installation.Now.AddMinutes(-1);
    private Link[] _links = [];
    private Form[] _forms = [];

    /// <param name="store">As ConnectionStrings__Crm.</param>
    public static async Task Fill(string store, int touches, int links, Action<long> done, CancellationToken ending)
    {
        await using var opened = Stores.Make(store, "/", TimeProvider.System, null);
        var installation = await Installation.Open(opened, CrmCatalog.Standard, TimeProvider.System, ending);
        await FirstStart.Ensure(installation, Product.AdminKey);
        await new YearOfTouches(installation, await installation.Settings.Workspace(FirstStart.Default, ending)).Fill(
            touches,
            links,
            done,
            ending
        );
    }

    private async Task Fill(int touches, int links, Action<long> done, CancellationToken ending)
    {
        await Make(links, ending);
        // In the order of time, as they come in real life; a few commits under way at once share a sync.
        using var waiting = new BlockingCollection<IReadOnlyList<Change>>(3);
        var making = Task.Run(
            () =>
            {
                try
                {
                    for (var first = 0; first < touches && !ending.IsCancellationRequested; first += Batch)
                        waiting.Add(Changes(first, Math.Min(Batch, touches - first), touches), ending);
                }
                finally
                {
                    waiting.CompleteAdding();
                }
            },
            ending
        );
        var stored = 0L;
        foreach (var changes in waiting.GetConsumingEnumerable(ending))
        {
            var result = await settings.Store.Commit(changes, ending);
            if (!result.Committed)
                throw new BenchException($"A commit of the year was refused: {result.Conflicts[0].Kind} {result.Conflicts[0].Field}.");
            stored = Math.Min(stored + Batch, touches);
            done(stored);
        }
        await making;
    }

    private async Task Make(int links, CancellationToken ending)
    {
        var work = new UnitOfWork(installation, settings, "system", installation.Now.AddDays(-370));
        var campaigns = Enumerable
            .Range(0, Campaigns)
            .Select(i =>
                work.Insert(
                    new Campaign
                    {
                        Name = $"Campaign {i}",
                        Costs =
                        [
                            .. Enumerable
                                .Range(0, 12)
                                .Select(month => new CostEntry
                                {
                                    On = DateOnly.FromDateTime(installation.Now.UtcDateTime).AddMonths(-month),
                                    Amount = new() { Amount = 90_000 + i, Currency = "EUR" },
                                }),
                        ],
                    }
                )
            )
            .ToArray();
        var affiliates = Enumerable
            .Range(0, Affiliates)
            .Select(i =>
                work.Insert(
                    new Affiliate
                    {
                        Name = $"Affiliate {i}",
                        PostbackKey = PublicKey.New(),
                        Currency = "EUR",
                    }
                )
            )
            .ToArray();
        _forms = [.. Enumerable.Range(0, Forms).Select(i => work.Insert(new Form { Name = $"Form {i}", Key = PublicKey.New() }))];
        // Each fourth is an affiliate's, the others belong to campaigns, and half of them have costs of their own.
        _links =
        [
            .. Enumerable
                .Range(0, links)
                .Select(i =>
                    work.Insert(
                        new Link
                        {
                            Slug = $"year-{i}",
                            Name = $"Link {i}",
                            Destination = "https://www.silva.example.org/offer",
                            Channel = Channels[i % Channels.Length],
                            Campaign = i % 4 == 3 ? null : campaigns[i % Campaigns].Id,
                            Affiliate = i % 4 == 3 ? affiliates[i % Affiliates].Id : null,
                            Costs =
                                i % 2 == 0
                                    ?
                                    [
                                        .. Enumerable
                                            .Range(0, 12)
                                            .Select(month => new CostEntry
                                            {
                                                On = DateOnly.FromDateTime(installation.Now.UtcDateTime).AddMonths(-month),
                                                Amount = new() { Amount = 4_000 + i, Currency = "EUR" },
                                            }),
                                    ]
                                    : [],
                        }
                    )
                ),
        ];
        if (!(await work.Commit(ending)).Committed)
            throw new BenchException("The links of the year could not be stored: the store is not empty.");
    }

    private IReadOnlyList<Change> Changes(int first, int count, int all)
    {
        var random = new Random(first + 1);
        var (changes, counters) = (new List<Change>(count * 2), new Dictionary<string, long>(StringComparer.Ordinal));
        var (from, span) = (
            _end.AddDays(-365) + TimeSpan.FromDays(365) * ((double)first / all),
            TimeSpan.FromDays(365) * ((double)count / all)
        );
        foreach (var at in Enumerable.Range(0, count).Select(_ => TextRules.ToMillisecond(from + span * random.NextDouble())).Order())
        {
            var work = new UnitOfWork(installation, settings, "system", at);
            One(work, random);
            foreach (var change in work.Changes)
                if (change is Change.Increment counter)
                    counters[counter.Counter] = counters.GetValueOrDefault(counter.Counter) + counter.By;
                else
                    changes.Add(change);
        }
        // The touches of a commit share most of their counters.
        changes.AddRange(counters.Where(counter => counter.Value != 0).Select(counter => new Change.Increment(counter.Key, counter.Value)));
        return changes;
    }

    private void One(UnitOfWork work, Random random)
    {
        // A few links get much, the rest little: the square of an even number.
        var link = _links[(int)(random.NextDouble() * random.NextDouble() * _links.Length)];
        var form = _forms[random.Next(Forms)];
        var kind = random.Next(100);
        if (kind >= 61)
        {
            var what = kind switch
            {
                < 83 => TouchKind.PageView,
                < 93 => TouchKind.FormView,
                < 97 => TouchKind.FormStart,
                _ => TouchKind.Open,
            };
            work.Insert(
                new Touch
                {
                    Kind = what,
                    Form = what is TouchKind.FormView or TouchKind.FormStart ? form.Id : null,
                    At = work.Now,
                    Human = true,
                    Page = "https://www.silva.example.org/prices",
                    Ip = "203.0.113.0",
                    UserAgent = Browser,
                },
                null
            );
            return;
        }
        var robot = kind < 6;
        var click = work.Insert(
            new Click
            {
                Credit = new(link.Id, link.Campaign, link.Affiliate, link.Channel),
                Human = !robot,
                First = random.Next(4) > 0,
                Signals = robot ? ["robot"] : [],
                Ip = "203.0.113.0",
                UserAgent = robot ? "examplebot/1.0" : Browser,
            },
            null
        );
        if (robot || random.Next(55) > 0)
            return;
        var source = new LeadSource { Form = form.Id, Credit = new(link.Id, link.Campaign, link.Affiliate, link.Channel) };
        var buys = random.Next(5) == 0;
        var lead = work.Insert(
            new Lead
            {
                FirstName = "Ana",
                LastName = "Silva",
                Status = buys ? LeadStatus.Converted : LeadStatus.New,
                Source = source,
            },
            null
        );
        work.Insert(
            new Submission
            {
                Form = form.Id,
                Lead = lead.Id,
                MadeLead = true,
                Attempts = 1,
            },
            null
        );
        if (!buys)
            return;
        var value = new Money { Amount = random.Next(1_000, 90_000), Currency = random.Next(10) == 0 ? "BRL" : "EUR" };
        var sale = work.Insert(
            new Conversion
            {
                Lead = lead.Id,
                Click = click.Id.Text<Click>(),
                Value = value,
                Credit = source.Credit,
            },
            null
        );
        if (link.Affiliate is { } affiliate)
            work.Insert(
                new Commission
                {
                    Affiliate = affiliate,
                    Amount = value with { Amount = value.Amount / 10 },
                    Conversion = sale.Id,
                    Lead = lead.Id,
                    On = sale.Type,
                    Value = value,
                    Position = 1,
                    Link = sale.Link,
                    Channel = sale.Channel,
                },
                null
            );
    }
}
