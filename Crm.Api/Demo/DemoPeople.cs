// Believable people for the demo: the same words in other combinations, spread over a year, from the channels that real sites see.

using System.Text.Json;
using Crm.Domain.Conversions;
using Crm.Domain.Customers;
using Crm.Domain.Forms;
using Crm.Domain.Leads;
using Crm.Domain.Links;
using Crm.Domain.Resources;
using Crm.Domain.Stores;
using Crm.Domain.Touches;
using Crm.Domain.Work;

namespace Crm.Api.Demo;

public sealed class DemoPeople(Installation installation, WorkspaceSettings settings, Form form, long run, DemoTraffic? traffic)
{
    static readonly string[] First =
    [
        "Ana",
        "Bruno",
        "Carla",
        "Diego",
        "Elisa",
        "Felipe",
        "Gabriela",
        "Hugo",
        "Inês",
        "João",
        "Karin",
        "Lukas",
        "Marta",
        "Noah",
        "Olivia",
        "Pedro",
        "Raquel",
        "Sofia",
        "Tiago",
        "Zoë",
    ];
    static readonly string[] Last =
    [
        "Silva",
        "Souza",
        "Oliveira",
        "Costa",
        "Pereira",
        "Müller",
        "Schmidt",
        "García",
        "Martínez",
        "Rossi",
        "Dubois",
        "Smith",
        "Jones",
        "Brown",
        "Lima",
        "Ferreira",
        "Almeida",
        "Nováková",
        "Kowalski",
        "Andersson",
    ];
    static readonly string[] Company =
    [
        "Padaria Aurora",
        "Nordlicht Solar",
        "Casa Verde",
        "Atlas Engineering",
        "Studio Lumen",
        "Quinta do Vale",
        "Brightside Clinic",
        "Mar Azul Hotels",
        "Falcon Logistics",
        "Oak & Stone",
    ];
    static readonly string[] Title = ["Owner", "Buyer", "Operations manager", "Marketing lead", "Architect", "Head of sales"];
    static readonly string[] City = ["São Paulo", "Lisboa", "Porto", "Berlin", "Madrid", "Curitiba", "London", "Wien"];
    static readonly string[] Country = ["BR", "PT", "PT", "DE", "ES", "BR", "GB", "AT"];
    static readonly string[] Interest =
    [
        "Solar panels",
        "Kitchen renovation",
        "Annual maintenance",
        "Website",
        "Consulting",
        "Team training",
    ];
    static readonly string[] Message =
    [
        "Could you send me a quote for our new office?",
        "I saw your work at the fair and would like to talk.",
        "How long does delivery take at the moment?",
        "We need help before the end of the quarter.",
        "Please call me back, preferably in the evening.",
    ];
    static readonly (string? Source, string? Medium, string? Referrer)[] Ways =
    [
        ("google", "cpc", null),
        ("google", "organic", "https://www.google.com/"),
        ("facebook", "paid-social", null),
        (null, null, null),
        ("newsletter", "email", null),
        ("partner-blog", "affiliate", "https://blog.partner.example.org/"),
        (null, null, "https://www.linkedin.com/feed/"),
    ];
    static readonly LeadStatus[] Statuses =
    [
        LeadStatus.New,
        LeadStatus.New,
        LeadStatus.New,
        LeadStatus.Working,
        LeadStatus.Working,
        LeadStatus.Qualified,
        LeadStatus.Unqualified,
        LeadStatus.Converted,
    ];

    /// <summary>The changes that store <paramref name="count"/> people from number <paramref name="first"/> on, of <paramref name="all"/>,
    /// with their submissions and events.</summary>
    public IReadOnlyList<Change> Make(int first, int count, int all)
    {
        var changes = new List<Change>(count * 4);
        for (var i = first; i < first + count; i++)
        {
            // The same number is the same person in every run of the program: only the run tells them apart.
            var random = new Random(i * 7919 + 17);
            var at = TextRules.ToMillisecond(
                DemoTraffic.Believable(installation.Now.AddSeconds(-31_536_000.0 * (all - i) / all), random, installation.Now)
            );
            var work = new UnitOfWork(installation, settings, form.Id.Text<Form>(), at);
            var lead = Person(work, i, random, at, traffic?.Clicks(changes, random, at, i));
            changes.AddRange(work.Changes);
            if (lead.ProposedChangeCount > 0)
                changes.AddRange(SecondPost(lead, at.AddMinutes(10), i));
            if (lead.Status == LeadStatus.Converted)
                changes.AddRange(Sale(lead, random, at, i));
        }
        return changes;
    }

    /// <summary>One in twelve has written before, from another company: it waits for somebody to decide.</summary>
    static ProposedValue? OtherCompany(int number) =>
        number % 12 == 5
            ? new("company", new(JsonSerializer.SerializeToUtf8Bytes(Company[number / 12 % Company.Length] + " Group")))
            : null;

    IReadOnlyList<Change> SecondPost(Lead lead, DateTimeOffset at, int number)
    {
        var work = new UnitOfWork(
            installation,
            settings,
            form.Id.Text<Form>(),
            TextRules.ToMillisecond(at < installation.Now ? at : installation.Now)
        );
        var value = OtherCompany(number)!.Value;
        using var company = value.Value.Parse();
        var entry = work.Insert(
            new Submission
            {
                Form = form.Id,
                Lead = lead.Id,
                Verdict = Verdict.Merged,
                Attempts = 1,
                ContentType = "application/x-www-form-urlencoded",
                Fields = new(
                    JsonSerializer.SerializeToUtf8Bytes(
                        new Dictionary<string, string?>
                        {
                            ["email"] = lead.Emails[0].Address,
                            ["company"] = company.RootElement.GetString(),
                        }
                    )
                ),
            },
            null
        );
        var id = entry.Id.Text<Submission>();
        work.Insert(ProposeChanges.New(work, lead.Id, value, id, entry.Id), null);
        work.RecordEvent(
            "lead.updated",
            ["submission.merged"],
            lead.Id.Text<Lead>(),
            default,
            writer =>
            {
                writer.WriteString("submission", id);
                writer.WriteString("form", form.Id.Text<Form>());
            },
            id,
            form.Id.Text<Form>()
        );
        return work.Changes;
    }

    /// <summary>What he bought, some days later.</summary>
    IReadOnlyList<Change> Sale(Lead lead, Random random, DateTimeOffset at, int number)
    {
        var later = at.AddDays(1 + random.Next(40));
        var work = new UnitOfWork(
            installation,
            settings,
            "system",
            TextRules.ToMillisecond(later < installation.Now ? later : at.AddMinutes(1))
        );
        var sale = work.Insert(
            new Conversion
            {
                OrderId = $"{run}-{number}",
                Lead = lead.Id,
                Customer = lead.Customer,
                Value = new() { Amount = 100L * (80 + random.Next(random.Next(1, 60) * 90)), Currency = "EUR" },
                Click = lead.FirstTouch?.Click?.Text<Click>(),
                Credit = lead.Source?.Credit ?? default,
            }
        );
        var customer = work.Insert(ConvertLead.CustomerOf(lead, CustomerKind.Person, work) with { Id = lead.Customer!.Value });
        work.Insert(
            PreparePurchase.RecordEvent(
                work,
                new()
                {
                    Customer = customer.Id,
                    OrderId = sale.OrderId,
                    PurchasedAt = work.Now,
                    Total = sale.Value,
                    Conversion = sale.Id,
                    Lines = [new() { Product = lead.Interest, Price = sale.Value }],
                }
            )
        );
        if (traffic?.Commission(sale, lead) is { } commission)
            work.Insert(commission);
        return work.Changes;
    }

    Lead Person(UnitOfWork work, int number, Random random, DateTimeOffset at, Click? click)
    {
        string Pick(string[] from) => from[random.Next(from.Length)];
        var (given, family, company, place) = (Pick(First), Pick(Last), Pick(Company), random.Next(City.Length));
        var way = Ways[random.Next(Ways.Length)];
        var email = $"{given[0]}.{family}.{run % 100_000}.{number}@{company.Replace(" ", "").Replace("&", "")}.example.org".Normalize(
            System.Text.NormalizationForm.FormD
        );
        email = new string([.. email.Where(char.IsAscii)]).ToLowerInvariant();
        var phone = $"+55119{60_000_000 + (run % 40 * 1_000_000L + number) % 40_000_000:00000000}";
        var page =
            "https://www.silva.example.org/contact"
            + (way.Source is null ? "" : $"?utm_source={way.Source}&utm_medium={way.Medium}&utm_campaign=spring");
        var arrival = Arrival.Read(page, way.Referrer, _ => null, Crm.Domain.Traffic.TrafficRules.BuiltIn);
        var message = Pick(Message);
        var submission = work.NextId();
        var lead = work.NextId();
        var channel = click?.Channel ?? arrival.Channel;
        var touch = new LeadTouch
        {
            At = at,
            Submission = submission,
            Click = click?.Id,
            Channel = channel,
            Utm = arrival.Utm,
            Referrer = arrival.ReferrerHost,
            Page = page,
        };
        work.Insert(
            new Submission
            {
                Id = submission,
                Form = form.Id,
                Lead = lead,
                MadeLead = true,
                Attempts = 1,
                Page = page,
                Referrer = way.Referrer,
                Ip = "203.0.113.0",
                ContentType = "application/x-www-form-urlencoded",
                UserAgent = "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0 Safari/537.36",
                AcceptLanguage = "pt-BR,pt;q=0.9,en;q=0.8",
                Fields = new(
                    JsonSerializer.SerializeToUtf8Bytes(
                        new Dictionary<string, string>
                        {
                            ["name"] = $"{given} {family}",
                            ["email"] = email,
                            ["phone"] = phone,
                            ["company"] = company,
                            ["message"] = message,
                        }
                    )
                ),
            },
            null
        );
        var submissionText = submission.Text<Submission>();
        work.RecordEvent(
            "lead.created",
            ["submission.accepted"],
            lead.Text<Lead>(),
            default,
            writer =>
            {
                writer.WriteString("submission", submissionText);
                writer.WriteString("form", form.Id.Text<Form>());
            },
            submissionText,
            form.Id.Text<Form>()
        );
        var status = Statuses[random.Next(Statuses.Length)];
        var made = new Lead
        {
            Id = lead,
            Customer = status == LeadStatus.Converted ? work.NextId() : null,
            FirstName = given,
            LastName = family,
            Company = company,
            JobTitle = Pick(Title),
            Interest = Pick(Interest),
            Message = message,
            Language = "pt-BR",
            Emails = [new() { Address = email, Primary = true }],
            Phones = [new() { Number = phone, Primary = true }],
            Address = new() { City = City[place], Country = Country[place] },
            Status = status,
            Score = random.Next(0, 100),
            Tags = random.Next(4) == 0 ? ["fair"] : [],
            Source = new()
            {
                Form = form.Id,
                Credit = (click?.Credit ?? default) with { Channel = channel },
                Utm = arrival.Utm,
                Referrer = arrival.ReferrerHost,
                Page = page,
            },
            FirstTouch = touch,
            LastTouch = touch,
            Provenance =
            [
                new()
                {
                    By = submissionText,
                    At = at,
                    Fields = ["firstName", "lastName", "email", "phone", "company", "message"],
                },
            ],
        };
        IReadOnlyCollection<ProposedChange> waits = OtherCompany(number) is { } value
            ? [ProposeChanges.New(work, lead, value, "", null)]
            : [];
        return work.Insert(ProposeChanges.Counted(made, [], waits), null);
    }
}
