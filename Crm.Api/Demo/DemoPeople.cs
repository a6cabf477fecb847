// Believable people for the demo: the same words in other combinations, spread over a year, from the channels that real sites see.

using System.Text.Json;
using Crm.Domain.Forms;
using Crm.Domain.Leads;
using Crm.Domain.Resources;
using Crm.Domain.Stores;
using Crm.Domain.Touches;
using Crm.Domain.Work;

namespace Crm.Api.Demo;

public sealed class DemoPeople(Installation installation, WorkspaceSettings settings, Form form, long run)
{
    static readonly string[] First = ["Ana", "Bruno", "Carla", "Diego", "Elisa", "Felipe", "Gabriela", "Hugo", "Inês", "João", "Karin", "Lukas", "Marta", "Noah", "Olivia", "Pedro", "Raquel", "Sofia", "Tiago", "Zoë"];
    static readonly string[] Last = ["Silva", "Souza", "Oliveira", "Costa", "Pereira", "Müller", "Schmidt", "García", "Martínez", "Rossi", "Dubois", "Smith", "Jones", "Brown", "Lima", "Ferreira", "Almeida", "Nováková", "Kowalski", "Andersson"];
    static readonly string[] Company = ["Padaria Aurora", "Nordlicht Solar", "Casa Verde", "Atlas Engineering", "Studio Lumen", "Quinta do Vale", "Brightside Clinic", "Mar Azul Hotels", "Falcon Logistics", "Oak & Stone"];
    static readonly string[] Title = ["Owner", "Buyer", "Operations manager", "Marketing lead", "Architect", "Head of sales"];
    static readonly string[] City = ["São Paulo", "Lisboa", "Porto", "Berlin", "Madrid", "Curitiba", "London", "Wien"];
    static readonly string[] Country = ["BR", "PT", "PT", "DE", "ES", "BR", "GB", "AT"];
    static readonly string[] Interest = ["Solar panels", "Kitchen renovation", "Annual maintenance", "Website", "Consulting", "Team training"];
    static readonly string[] Message = ["Could you send me a quote for our new office?", "I saw your work at the fair and would like to talk.", "How long does delivery take at the moment?", "We need help before the end of the quarter.", "Please call me back, preferably in the evening."];
    static readonly (string? Source, string? Medium, string? Referrer)[] Ways = [("google", "cpc", null), ("google", "organic", "https://www.google.com/"), ("facebook", "paid-social", null), (null, null, null), ("newsletter", "email", null), ("partner-blog", "affiliate", "https://blog.partner.example.org/"), (null, null, "https://www.linkedin.com/feed/")];
    static readonly LeadStatus[] Statuses = [LeadStatus.New, LeadStatus.New, LeadStatus.New, LeadStatus.Working, LeadStatus.Working, LeadStatus.Qualified, LeadStatus.Unqualified];

    /// <summary>The changes that store <paramref name="count"/> people from number <paramref name="first"/> on, of <paramref name="all"/>, with their submissions and events.</summary>
    public IReadOnlyList<Change> Make(int first, int count, int all)
    {
        var changes = new List<Change>(count * 4);
        for (var i = first; i < first + count; i++)
        {
            // The same number is the same person in every run of the program: only the run tells them apart.
            var random = new Random(i * 7919 + 17);
            var at = installation.Now.AddSeconds(-31_536_000.0 * (all - i) / all);
            var work = new UnitOfWork(installation, settings, form.Id.ToString("form"), at);
            Person(work, i, random, at);
            changes.AddRange(work.Changes);
        }
        return changes;
    }

    void Person(UnitOfWork work, int number, Random random, DateTimeOffset at)
    {
        string Pick(string[] from) => from[random.Next(from.Length)];
        var (given, family, company, place) = (Pick(First), Pick(Last), Pick(Company), random.Next(City.Length));
        var way = Ways[random.Next(Ways.Length)];
        var email = $"{given[0]}.{family}.{run % 100_000}.{number}@{company.Replace(" ", "").Replace("&", "")}.example.org".Normalize(System.Text.NormalizationForm.FormD);
        email = new string([.. email.Where(char.IsAscii)]).ToLowerInvariant();
        var phone = $"+55119{60_000_000 + (run % 40 * 1_000_000L + number) % 40_000_000:00000000}";
        var page = "https://www.silva.example.org/contact" + (way.Source is null ? "" : $"?utm_source={way.Source}&utm_medium={way.Medium}&utm_campaign=spring");
        var arrival = Arrival.Read(page, way.Referrer, _ => null);
        var message = Pick(Message);
        var submission = work.NextId();
        var lead = work.NextId();
        var touch = new LeadTouch { At = at, Submission = submission, Channel = arrival.Channel, Utm = arrival.Utm, Referrer = arrival.ReferrerHost, Page = page };
        work.Insert(new Submission
        {
            Id = submission, Form = form.Id, Lead = lead, MadeLead = true, Attempts = 1, Page = page, Referrer = way.Referrer, Ip = "203.0.113.0", ContentType = "application/x-www-form-urlencoded",
            UserAgent = "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0 Safari/537.36", AcceptLanguage = "pt-BR,pt;q=0.9,en;q=0.8",
            Fields = new(JsonSerializer.SerializeToUtf8Bytes(new Dictionary<string, string> { ["name"] = $"{given} {family}", ["email"] = email, ["phone"] = phone, ["company"] = company, ["message"] = message })),
        }, null);
        var submissionText = submission.ToString("sub");
        work.Tell("submission.accepted", lead.ToString("lead"), writer => writer.WriteString("submission", submissionText), submissionText);
        work.Insert(new Lead
        {
            Id = lead, FirstName = given, LastName = family, Company = company, JobTitle = Pick(Title), Interest = Pick(Interest), Message = message, Language = "pt-BR",
            Emails = [new() { Address = email, Primary = true }], Phones = [new() { Number = phone, Primary = true }],
            Address = new() { City = City[place], Country = Country[place] }, Status = Statuses[random.Next(Statuses.Length)], Score = random.Next(0, 100),
            Tags = random.Next(4) == 0 ? ["fair"] : [], Source = new() { Form = form.Id, Channel = arrival.Channel, Utm = arrival.Utm, Referrer = arrival.ReferrerHost, Page = page },
            FirstTouch = touch, LastTouch = touch, Provenance = [new() { By = submissionText, At = at, Fields = ["firstName", "lastName", "email", "phone", "company", "message"] }],
        }, "created", writer => writer.WriteString("submission", submissionText), submissionText);
    }
}
