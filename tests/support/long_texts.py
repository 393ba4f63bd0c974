"""Invented paragraphs on social protection in several languages, three to a language, for the tests of `extract`."""

from __future__ import annotations

TEXTS = {
    "en": (
        "The transfer reaches fewer than half of the poorest families. Offices in the hills have no staff, and the "
        "forms must be handed in at the capital of the province.",
        "A second scheme pays school fees for girls. It was set up in 2009 by the Ministry of Education, which has "
        "never compared its list with the register of the Household Fund.",
        "Most workers have no contract and pay no contributions. When they fall ill they borrow from relatives or "
        "sell what they own, as the survey of 1,200 households shows.",
    ),
    "ur": (
        "یہ پروگرام ملک کے غریب خاندانوں کو ہر مہینے نقد رقم دیتا ہے۔ لیکن بہت سے مستحق لوگ فہرست میں شامل نہیں ہیں، "
        "کیونکہ سروے دس سال پہلے کیا گیا تھا۔",
        "صوبائی محکموں کے درمیان رابطہ کمزور ہے۔ ایک ہی خاندان کو تین اداروں سے مدد ملتی ہے جبکہ دوسرے خاندان کو "
        "کہیں سے کچھ نہیں ملتا، اور کوئی ادارہ اس کا ذمہ دار نہیں۔",
        "مزدوروں کی بڑی تعداد غیر رسمی شعبے میں کام کرتی ہے۔ ان کے پاس نہ پنشن ہے نہ بیمہ، اور بیماری کے وقت وہ "
        "رشتہ داروں سے قرض لینے پر مجبور ہوتے ہیں۔",
    ),
    "fr": (
        "Le programme verse chaque mois une allocation aux familles les plus pauvres. Beaucoup de ménages qui y ont "
        "droit ne figurent pourtant pas sur la liste, car l'enquête date de dix ans.",
        "Trois ministères gèrent des dispositifs semblables sans se concerter. Les dépenses ont augmenté de 12 % en "
        "cinq ans, mais la part des bénéficiaires pauvres est restée la même.",
        "La plupart des travailleurs n'ont ni contrat ni assurance. En cas de maladie, ils empruntent à leurs proches "
        "ou vendent leurs biens, comme le montre notre enquête.",
    ),
    "es": (
        "El programa entrega cada mes una transferencia a las familias más pobres. Sin embargo, muchos hogares con "
        "derecho a ella no están en la lista, porque la encuesta se hizo hace diez años.",
        "Tres ministerios administran planes parecidos y ninguno responde por el conjunto. El gasto creció un 12 por "
        "ciento en cinco años, pero la cobertura de los pobres no cambió.",
        "La mayoría de los trabajadores no tiene contrato ni seguro. Cuando se enferman, piden dinero prestado a sus "
        "parientes o venden lo que poseen, como muestra la encuesta.",
    ),
    "pt": (
        "O programa paga todos os meses um benefício às famílias mais pobres. No entanto, muitas famílias com direito "
        "não estão na lista, porque o inquérito foi feito há dez anos.",
        "Três ministérios gerem programas semelhantes e nenhum responde pelo conjunto. A despesa cresceu 12 por cento "
        "em cinco anos, mas a cobertura dos pobres não mudou.",
        "A maioria dos trabalhadores não tem contrato nem seguro. Quando adoecem, pedem dinheiro emprestado aos "
        "parentes ou vendem o que possuem, como mostra a pesquisa.",
    ),
    "de": (
        "Das Programm zahlt den ärmsten Familien jeden Monat eine Beihilfe. Viele Haushalte, die darauf Anspruch "
        "haben, stehen jedoch nicht auf der Liste, denn die Erhebung ist zehn Jahre alt.",
        "Drei Ministerien verwalten ähnliche Programme, ohne sich abzustimmen. Die Ausgaben sind in fünf Jahren um "
        "12 Prozent gestiegen, der Anteil der Armen unter den Empfängern blieb gleich.",
        "Die meisten Arbeiter haben weder Vertrag noch Versicherung. Werden sie krank, so leihen sie sich Geld bei "
        "Verwandten oder verkaufen ihren Besitz, wie die Umfrage zeigt.",
    ),
    "tr": (
        "Program her ay en yoksul ailelere nakit yardım ödüyor. Ancak hak sahibi olan birçok hane listede yer almıyor, "
        "çünkü araştırma on yıl önce yapılmıştı.",
        "Üç bakanlık birbirine benzeyen programlar yürütüyor ve bunların bütünü için hiçbir kurum sorumlu değil. "
        "Harcamalar beş yılda yüzde 12 arttı, ama yoksulların payı değişmedi.",
        "İşçilerin çoğunun sözleşmesi ve sigortası yok. Hastalandıklarında akrabalarından borç alıyor ya da ellerinde "
        "ne varsa satıyorlar; bunu 1.200 hane ile yapılan anket de gösteriyor.",
    ),
    "id": (
        "Program ini membayar bantuan tunai setiap bulan kepada keluarga yang paling miskin. Namun banyak rumah tangga "
        "yang berhak tidak ada dalam daftar, karena survei dilakukan sepuluh tahun lalu.",
        "Tiga kementerian mengelola program yang serupa dan tidak ada yang bertanggung jawab atas keseluruhannya. "
        "Belanja naik 12 persen dalam lima tahun, tetapi cakupan penduduk miskin tetap sama.",
        "Sebagian besar pekerja tidak memiliki kontrak atau asuransi. Ketika sakit, mereka meminjam uang dari kerabat "
        "atau menjual barang milik mereka, seperti ditunjukkan oleh survei ini.",
    ),
}  # fmt: skip
