// Full names split into first and last, and left alone where it is not clear.

using Crm.Domain.Values;
using Xunit;

namespace Crm.Tests.People;

public sealed class PersonNameTests
{
    [Theory]
    [InlineData("Ana Silva", "Ana", "Silva")]
    [InlineData("Ana Maria da Silva", "Ana Maria", "da Silva")]
    [InlineData("  Ana \t Maria\u00A0da   Silva ", "Ana Maria", "da Silva")]
    [InlineData("José Ortega y Gasset", "José", "Ortega y Gasset")]
    [InlineData("Ana Costa e Silva", "Ana", "Costa e Silva")]
    [InlineData("Ludwig van Beethoven", "Ludwig", "van Beethoven")]
    [InlineData("Vincent Van Der Berg", "Vincent", "Van Der Berg")]
    [InlineData("Maria de la Cruz", "Maria", "de la Cruz")]
    [InlineData("Johann Wolfgang von Goethe", "Johann Wolfgang", "von Goethe")]
    [InlineData("Omar bin al Rashid", "Omar", "bin al Rashid")]
    [InlineData("Mary-Jane O'Neill-Smith", "Mary-Jane", "O'Neill-Smith")]
    public void The_last_word_with_its_particles_is_the_last_name(string full, string first, string last) =>
        PersonName.Split(full).Should().Be((first, last));

    [Theory]
    [InlineData("SILVA, Ana", "Ana", "SILVA")]
    [InlineData("da Silva, Ana Maria", "Ana Maria", "da Silva")]
    [InlineData("Silva,Ana", "Ana", "Silva")]
    [InlineData("Ana Silva, PhD", "Ana", "Silva, PhD")]
    [InlineData("Ana Silva,", "Ana", "Silva")]
    [InlineData(", Ana Silva", "Ana", "Silva")]
    public void With_a_comma_the_last_name_comes_first(string full, string first, string last) =>
        PersonName.Split(full).Should().Be((first, last));

    [Theory]
    [InlineData("Al Pacino", "Al", "Pacino")]
    [InlineData("Van Morrison", "Van", "Morrison")]
    [InlineData("Sammy Davis Jr.", "Sammy", "Davis Jr.")]
    [InlineData("João Silva Filho", "João", "Silva Filho")]
    [InlineData("Dr. Ana Silva", "Dr. Ana", "Silva")]
    [InlineData("山田 太郎", "太郎", "山田")]
    [InlineData("김 민수", "민수", "김")]
    public void What_looks_like_a_particle_a_title_or_a_suffix_is_kept(string full, string first, string last) =>
        PersonName.Split(full).Should().Be((first, last));

    [Theory]
    [InlineData("Ana")]
    [InlineData("山田太郎")]
    [InlineData("Cher")]
    public void A_single_word_is_a_first_name(string full) => PersonName.Split(full).Should().Be((full, null));

    [Fact]
    public void Particles_alone_before_a_name_are_no_first_name() => PersonName.Split("de la Cruz").Should().Be((null, "de la Cruz"));

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData(" \t\u00A0")]
    [InlineData(",")]
    [InlineData(" , ")]
    public void Nothing_is_nobody(string? full) => PersonName.Split(full).Should().Be(((string?)null, (string?)null));

    [Fact]
    public void No_word_is_lost_whatever_the_name()
    {
        string[] words = ["Ana", "da", "Silva", "van", "y", "Jr.", "de", "Dr.", "Costa", "e", "al", "III", "太郎", "O'Neill"];
        var random = new Random(20260804);
        for (var i = 0; i < 20_000; i++)
        {
            var name = Enumerable.Range(0, random.Next(1, 7)).Select(_ => words[random.Next(words.Length)]).ToArray();
            var (first, last) = PersonName.Split(string.Join(' ', name));
            $"{first} {last}"
                .Split(' ', StringSplitOptions.RemoveEmptyEntries)
                .Order()
                .Should()
                .Equal(name.Order(), $"seed 20260804, {string.Join(' ', name)}");
        }
    }

    [Theory]
    [InlineData("Ana Silva", "ana SILVA")]
    [InlineData("Ana", "Ana Maria da Silva")]
    [InlineData("Silva", "Ana Silva")]
    [InlineData("A. Silva", "Ana Silva")]
    [InlineData("J P Morgan", "John Pierpont Morgan")]
    [InlineData("José Conceição", "jose conceicao")]
    [InlineData("Bjørn Weiß", "Bjorn Weiss")]
    [InlineData("Ana O'Brien", "ana obrien")]
    [InlineData("Jean-Luc Picard", "Jean Luc Picard")]
    [InlineData("Jean-Luc", "Jeanluc")]
    [InlineData("Silva, Ana", "Ana Silva")]
    [InlineData("山田太郎", "山田 太郎")]
    [InlineData("ＡＮＡ", "Ana")]
    public void Names_of_one_person_agree(string one, string other)
    {
        PersonName.Compare(one, other).Should().Be(NameTie.Agree);
        PersonName.Compare(other, one).Should().Be(NameTie.Agree);
    }

    [Theory]
    [InlineData("Ana Silva", "Bruno Silva")]
    [InlineData("Ana Silva", "Ana Souza")]
    [InlineData("S. Silva", "Ana Silva")]
    [InlineData("B. Silva", "Ana Silva")]
    [InlineData("An", "Ana")]
    [InlineData("Ana Ana", "Ana Silva")]
    [InlineData("山田太郎", "山田花子")]
    public void Names_of_two_people_contradict(string one, string other)
    {
        PersonName.Compare(one, other).Should().Be(NameTie.Contradict);
        PersonName.Compare(other, one).Should().Be(NameTie.Contradict);
    }

    [Theory]
    [InlineData(null, "Ana")]
    [InlineData("", "Ana")]
    [InlineData(" - ", "Ana")]
    [InlineData(null, null)]
    public void Without_a_name_nothing_is_said(string? one, string? other)
    {
        PersonName.Compare(one, other).Should().Be(NameTie.Missing);
        PersonName.Compare(other, one).Should().Be(NameTie.Missing);
    }
}
